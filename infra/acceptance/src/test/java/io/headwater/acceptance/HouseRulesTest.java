package io.headwater.acceptance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules of `docs/architecture.md` and `CONTRIBUTING.md` that a machine can check.
class HouseRulesTest {
    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.headwater");

    @Test
    void everyRoomIsLookedAt() {
        assertThat(HOUSE.stream().map(JavaClass::getPackageName).distinct())
                .contains(
                        "io.headwater.contract",
                        "io.headwater.access",
                        "io.headwater.eventstore",
                        "io.headwater.eventstore.axon",
                        "io.headwater.command.models",
                        "io.headwater.command.records",
                        "io.headwater.command.imports",
                        "io.headwater.command.http",
                        "io.headwater.relay",
                        "io.headwater.query.projection",
                        "io.headwater.query.api",
                        "io.headwater.local");
    }

    @Test
    void theContractKnowsNoFrameworkAndNoDatabase() {
        noClasses()
                .that()
                .resideInAPackage("io.headwater.contract..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "org.springframework..",
                                "java.sql..",
                                "org.axonframework..",
                                "org.apache.kafka..",
                                "io.headwater.command..",
                                "io.headwater.query..",
                                "io.headwater.relay..",
                                "io.headwater.eventstore..",
                                "io.headwater.access..",
                                "io.headwater.local.."))
                .check(HOUSE);
    }

    @Test
    void theEventStoreStandsAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.headwater.eventstore")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "org.axonframework..",
                                "org.springframework..",
                                "io.headwater.contract..",
                                "io.headwater.eventstore.axon.."))
                .check(HOUSE);
    }

    @Test
    void accessKnowsNoOtherRoom() {
        noClasses()
                .that()
                .resideInAPackage("io.headwater.access..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "io.headwater.contract..",
                                "io.headwater.eventstore..",
                                "io.headwater.command..",
                                "io.headwater.query..",
                                "io.headwater.relay..",
                                "io.headwater.local.."))
                .check(HOUSE);
    }

    @Test
    void theServicesDoNotKnowOneAnother() {
        List.of("command", "relay", "query")
                .forEach(service ->
                        noClasses()
                                .that()
                                .resideInAPackage("io.headwater." + service + "..")
                                .should()
                                .dependOnClassesThat(resideInAnyPackage(othersThan(service)))
                                .check(HOUSE));
    }

    private static String[] othersThan(String service) {
        return List.of("command", "relay", "query", "local").stream()
                .filter(other -> !other.equals(service))
                .map(other -> "io.headwater." + other + "..")
                .toArray(String[]::new);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.headwater.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void decidersArePure() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Decider")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                        "io.headwater.contract..",
                                        "io.headwater.command..",
                                        "java.lang..",
                                        "java.util",
                                        "java.util.function..",
                                        "java.util.stream..",
                                        "java.math..",
                                        "java.security..",
                                        "java.nio.charset..",
                                        "tools.jackson..",
                                        "org.jspecify..")
                                // a moment that a command names, never the one that it is
                                .or(type(Instant.class)))
                .check(HOUSE);
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Decider")
                .should()
                .callMethod(Instant.class, "now")
                .check(HOUSE);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes().should(resideInANullMarkedPackage()).check(HOUSE);
    }

    @Test
    void namesSayWhatAThingIs() {
        var banned = Pattern.compile(".*(Manager|Helper|Utils?|Common|Base|Impl|Dto|Data|Info)");
        classes()
                .should(
                        new ArchCondition<JavaClass>("have a name that says what it is") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                if (banned.matcher(type.getSimpleName()).matches()) {
                                    events.add(violation(type, type.getName() + " says nothing"));
                                }
                            }
                        })
                .check(HOUSE);
    }

    /// The contract is a library for everyone, so all of it may be public; elsewhere a public class
    /// has somebody in another package who uses it.
    @Test
    void publicIsOnlyWhatAnotherPackageNeeds() {
        classes()
                .that()
                .areTopLevelClasses()
                .and()
                .resideOutsideOfPackages("io.headwater.contract..", "io.headwater.eventstore..")
                .should(
                        new ArchCondition<JavaClass>(
                                "be package-private if no other package uses it") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                if (type.getModifiers().contains(JavaModifier.PUBLIC)
                                        && !usedOutside(type)
                                        && !isEntrance(type)) {
                                    events.add(
                                            violation(
                                                    type,
                                                    type.getName()
                                                            + " is public and no other package uses it"));
                                }
                            }
                        })
                .check(HOUSE);
    }

    /// What is nested in it counts too: nobody could see that in a class that is not public.
    private static boolean usedOutside(JavaClass type) {
        return type.getPackage().getClasses().stream()
                .filter(each ->
                        each.equals(type) || each.getName().startsWith(type.getName() + "$"))
                .flatMap(each -> each.getDirectDependenciesToSelf().stream())
                .anyMatch(use ->
                        !use.getOriginClass().getPackageName().equals(type.getPackageName()));
    }

    /// Started by `java`, made by Tomcat from its name, or used by tests and benchmarks of other
    /// modules.
    private static boolean isEntrance(JavaClass type) {
        return type.tryGetMethod("main", String[].class).isPresent()
                || type.isAssignableTo("org.apache.catalina.Valve")
                || type.getPackageName().equals("io.headwater.local");
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package marked @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(violation(type, type.getPackageName() + " is not @NullMarked"));
                }
            }
        };
    }

    private static ConditionEvent violation(JavaClass type, String message) {
        return SimpleConditionEvent.violated(type, message);
    }
}
