package io.headwater.command.records;

import static io.headwater.command.records.RecordsUnderTest.delete;
import static io.headwater.command.records.RecordsUnderTest.json;
import static io.headwater.command.records.RecordsUnderTest.make;
import static io.headwater.command.records.RecordsUnderTest.patch;
import static io.headwater.command.records.RecordsUnderTest.put;
import static io.headwater.command.records.RecordsUnderTest.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.command.records.RecordDecider.Sifted;
import io.headwater.command.records.Written.Change;
import io.headwater.contract.Fault;
import io.headwater.contract.RecordEvent.RecordChanged;
import io.headwater.contract.RecordEvent.RecordCreated;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordDeciderTest {
    private final RecordsUnderTest records = new RecordsUnderTest();

    @BeforeEach
    void models() {
        records.model("country", "{'name': {'type': 'text', 'required': true}}");
        records.model(
                "airport",
                """
                {'name': {'type': 'text', 'required': true, 'maxLength': 20},
                 'iata': {'type': 'text', 'unique': true, 'pattern': '^[A-Z]{3}$'},
                 'country': {'type': 'reference', 'to': 'country', 'onDelete': 'restrict'},
                 'kind': {'type': 'enum', 'options': ['small', 'large'], 'default': 'small'},
                 'height': {'type': 'integer'},
                 'more': {'type': 'json'}}
                """);
        records.model(
                "runway",
                """
                {'airport': {'type': 'reference', 'to': 'airport', 'onDelete': 'cascade', 'required': true},
                 'twin': {'type': 'reference', 'to': 'runway', 'onDelete': 'clear'}}
                """);
    }

    @Test
    void aRecordIsCreatedInItsCanonicalFormWithDefaultsAndTags() {
        records.accepted(make("country/NZ", "{'name': 'New Zealand'}"));
        var written =
                records.accepted(
                        make(
                                "airport/AKL",
                                "{'name': 'Auckland', 'iata': 'AKL', 'country': 'NZ'}"));
        assertThat(written).containsExactly(new Written(Change.CREATED, ref("airport/AKL"), 1));
        assertThat(records.log.last().event())
                .isEqualTo(
                        new RecordCreated(
                                ref("airport/AKL"),
                                2,
                                1,
                                json("{'name': 'Auckland', 'iata': 'AKL', 'country': 'NZ', 'kind': 'small'}")
                                        .asObject()));
        assertThat(records.log.last().tags())
                .extracting(tag -> tag.key() + "=" + tag.value().replaceAll("[0-9a-f]{64}", "HASH"))
                .containsExactlyInAnyOrder(
                        "record=airport/AKL", "unique=airport/iata/HASH", "ref=country/NZ");
    }

    @Test
    void aCreateIsDecidedAfterTwoLooksIfItsModelIsNotKnownYet() {
        records.accepted(make("country/NZ", "{'name': 'New Zealand'}"));
        records.accepted(make("airport/AKL", "{'name': 'A', 'iata': 'AKL', 'country': 'NZ'}"));
        assertThat(records.log.rounds()).isEqualTo(3);
    }

    @Test
    void faultsAreNamedAllAtOnce() {
        var refusal =
                records.refused(
                        make("airport/X", "{'iata': 'toolong', 'colour': 1, 'kind': 'huge'}"));
        assertThat(refusal.reason()).isEqualTo(Reason.INVALID_RECORD);
        assertThat(refusal.faults())
                .extracting(Fault::pointer)
                .containsExactlyInAnyOrder("/colour", "/iata", "/kind", "/name");
    }

    @Test
    void whatIsNotThereCannotBeChangedAndWhatIsThereCannotBeCreated() {
        assertThat(records.refused(patch("country/NZ", "{'name': 'x'}")).reason())
                .isEqualTo(Reason.UNKNOWN_RECORD);
        assertThat(records.refused(delete("country/NZ")).reason()).isEqualTo(Reason.UNKNOWN_RECORD);
        assertThat(records.refused(make("planet/X", "{}")).reason())
                .isEqualTo(Reason.UNKNOWN_MODEL);
        records.accepted(make("country/NZ", "{'name': 'New Zealand'}"));
        assertThat(records.refused(make("country/NZ", "{'name': 'x'}")).reason())
                .isEqualTo(Reason.RECORD_EXISTS);
    }

    @Test
    void aRetiredModelTakesNoMore() {
        records.accepted(make("country/NZ", "{'name': 'New Zealand'}"));
        records.retired("country");
        assertThat(records.refused(make("country/AU", "{'name': 'x'}")).reason())
                .isEqualTo(Reason.MODEL_RETIRED);
        assertThat(records.refused(delete("country/NZ")).reason()).isEqualTo(Reason.MODEL_RETIRED);
    }

    @Test
    void aPutReplacesAndAChangeOfNothingIsNone() {
        records.accepted(make("airport/AKL", "{'name': 'A', 'height': 5, 'kind': 'large'}"));
        assertThat(records.accepted(put("airport/AKL", "{'name': 'B'}")))
                .containsExactly(new Written(Change.CHANGED, ref("airport/AKL"), 2));
        assertThat(records.fields("airport/AKL")).isEqualTo(json("{'name': 'B', 'kind': 'small'}"));
        assertThat(((RecordChanged) records.log.last().event()).changed())
                .containsExactlyInAnyOrder("name", "height", "kind");
        int before = records.log.entries().size();
        assertThat(records.accepted(put("airport/AKL", "{'name': 'B'}")))
                .containsExactly(new Written(Change.UNCHANGED, ref("airport/AKL"), 2));
        assertThat(records.accepted(patch("airport/AKL", "{'height': null}")))
                .containsExactly(new Written(Change.UNCHANGED, ref("airport/AKL"), 2));
        assertThat(records.log.entries()).hasSize(before);
    }

    @Test
    void aNumberFromTheLogIsTheSameAsTheOneGiven() {
        records.accepted(make("airport/AKL", "{'name': 'A', 'height': 5}"));
        assertThat(records.accepted(patch("airport/AKL", "{'height': 5}")).getFirst().change())
                .isEqualTo(Change.UNCHANGED);
        assertThat(records.accepted(patch("airport/AKL", "{'name': 'B'}")).getFirst().change())
                .isEqualTo(Change.CHANGED);
        assertThat(((RecordChanged) records.log.last().event()).changed()).containsExactly("name");
    }

    @Test
    void aPatchMergesAsRfc7396Says() {
        records.accepted(
                make(
                        "airport/AKL",
                        "{'name': 'A', 'kind': 'large', 'more': {'a': {'b': 1, 'c': 2}}}"));
        records.accepted(
                patch(
                        "airport/AKL",
                        "{'kind': null, 'more': {'a': {'b': null, 'd': {'e': null}}}}"));
        assertThat(records.fields("airport/AKL"))
                .as("the default does not come back into what was emptied")
                .isEqualTo(json("{'name': 'A', 'more': {'a': {'c': 2, 'd': {}}}}"));
        records.accepted(patch("airport/AKL", "{'height': 1}"));
        assertThat(records.present("airport/AKL").has("kind")).isFalse();
        assertThat(records.refused(patch("airport/AKL", "{'name': null}")).faults())
                .extracting(Fault::code)
                .containsExactly("required");
        assertThat(records.refused(patch("airport/AKL", "[]")).reason())
                .isEqualTo(Reason.INVALID_RECORD);
    }

    @Test
    void aRevisionThatTheClientDidNotExpectIsRefused() {
        records.accepted(make("country/NZ", "{'name': 'a'}"));
        records.accepted(patch("country/NZ", "{'name': 'b'}", new Expected.OneOf(Set.of(1L))));
        assertThat(
                        records.refused(
                                        patch(
                                                "country/NZ",
                                                "{'name': 'c'}",
                                                new Expected.OneOf(Set.of(1L))))
                                .reason())
                .isEqualTo(Reason.STALE_REVISION);
        assertThat(
                        records.refused(
                                        patch(
                                                "country/NZ",
                                                "{'name': 'c'}",
                                                new Expected.Missing()))
                                .reason())
                .isEqualTo(Reason.ALREADY_THERE);
        records.accepted(patch("country/NZ", "{'name': 'c'}", new Expected.Existing()));
    }

    @Test
    void theRevisionCountsOnWhenADeletedRecordIsCreatedAnew() {
        records.accepted(make("country/NZ", "{'name': 'a'}"));
        assertThat(records.accepted(delete("country/NZ")))
                .containsExactly(new Written(Change.DELETED, ref("country/NZ"), 2));
        assertThat(records.accepted(put("country/NZ", "{'name': 'a'}")))
                .containsExactly(new Written(Change.CREATED, ref("country/NZ"), 3));
        assertThat(records.log.last().event()).isInstanceOf(RecordCreated.class);
    }

    @Test
    void aUniqueValueIsTakenUntilItsHolderLetsGo() {
        records.accepted(make("airport/A", "{'name': 'a', 'iata': 'AAA'}"));
        var refusal = records.refused(make("airport/B", "{'name': 'b', 'iata': 'AAA'}"));
        assertThat(refusal.reason()).isEqualTo(Reason.NOT_UNIQUE);
        assertThat(refusal.faults()).extracting(Fault::pointer).containsExactly("/iata");
        records.accepted(patch("airport/A", "{'iata': 'BBB'}"));
        records.accepted(make("airport/B", "{'name': 'b', 'iata': 'AAA'}"));
        records.accepted(delete("airport/A"));
        records.accepted(make("airport/C", "{'name': 'c', 'iata': 'BBB'}"));
    }

    @Test
    void anOutdatedEventOfAFormerHolderDoesNotMakeAValueTaken() {
        records.accepted(make("airport/A", "{'name': 'a', 'iata': 'AAA'}"));
        records.accepted(make("airport/B", "{'name': 'b'}"));
        // A hands AAA to B in one command, so that only B's event bears the tag; then B lets go.
        records.accepted(
                patch("airport/A", "{'iata': null}"), patch("airport/B", "{'iata': 'AAA'}"));
        records.accepted(patch("airport/B", "{'iata': null}"));
        // The presence of A is asked for, and the event that answers still has AAA.
        records.accepted(
                make("airport/C", "{'name': 'c', 'iata': 'AAA'}"),
                make("runway/1", "{'airport': 'A'}"));
    }

    @Test
    void uniqueValuesCanBeSwappedInOneCommandAndStayGuarded() {
        records.accepted(make("airport/A", "{'name': 'a', 'iata': 'AAA'}"));
        records.accepted(make("airport/B", "{'name': 'b', 'iata': 'BBB'}"));
        records.accepted(
                patch("airport/A", "{'iata': 'BBB'}"), patch("airport/B", "{'iata': 'AAA'}"));
        assertThat(records.refused(make("airport/C", "{'name': 'c', 'iata': 'AAA'}")).detail())
                .contains("airport/B");
        assertThat(records.refused(make("airport/C", "{'name': 'c', 'iata': 'BBB'}")).detail())
                .contains("airport/A");
    }

    @Test
    void twoOfOneCommandCannotHaveTheSameUniqueValue() {
        var refusal =
                records.refused(
                        make("airport/A", "{'name': 'a', 'iata': 'AAA'}"),
                        make("airport/B", "{'name': 'b', 'iata': 'AAA'}"));
        assertThat(refusal.reason()).isEqualTo(Reason.NOT_UNIQUE);
        assertThat(refusal.detail()).startsWith("Operation 1 of 2");
    }

    @Test
    void aReferenceHasToLeadSomewhere() {
        var refusal = records.refused(make("airport/A", "{'name': 'a', 'country': 'XX'}"));
        assertThat(refusal.reason()).isEqualTo(Reason.UNRESOLVED_REFERENCE);
        assertThat(refusal.faults()).extracting(Fault::pointer).containsExactly("/country");
        records.accepted(make("country/XX", "{'name': 'x'}"));
        records.accepted(delete("country/XX"));
        assertThat(records.refused(make("airport/A", "{'name': 'a', 'country': 'XX'}")).reason())
                .isEqualTo(Reason.UNRESOLVED_REFERENCE);
    }

    @Test
    void parentAndChildComeAndGoTogetherInAnyOrder() {
        records.accepted(
                make("airport/A", "{'name': 'a', 'country': 'NZ'}"),
                make("country/NZ", "{'name': 'New Zealand'}"));
        assertThat(records.refused(delete("country/NZ")).reason())
                .isEqualTo(Reason.STILL_REFERENCED);
        records.accepted(delete("country/NZ"), delete("airport/A"));
        assertThat(records.fields("country/NZ")).isNull();
    }

    @Test
    void aRecordIsNotDeletedWhileAnotherOfTheSameCommandComesToReferToIt() {
        records.accepted(make("country/NZ", "{'name': 'n'}"), make("country/AU", "{'name': 'a'}"));
        records.accepted(make("airport/A", "{'name': 'a', 'country': 'NZ'}"));
        assertThat(
                        records.refused(
                                        patch("airport/A", "{'country': 'AU'}"),
                                        delete("country/AU"))
                                .reason())
                .isEqualTo(Reason.UNRESOLVED_REFERENCE);
        records.accepted(patch("airport/A", "{'country': 'AU'}"), delete("country/NZ"));
    }

    @Test
    void aDeletionClearsAndCascadesAsTheReferencesSay() {
        records.accepted(
                make("airport/A", "{'name': 'a'}"),
                make("airport/B", "{'name': 'b'}"),
                make("runway/1", "{'airport': 'A'}"),
                make("runway/2", "{'airport': 'B', 'twin': '1'}"),
                make("runway/3", "{'airport': 'A', 'twin': '2'}"));
        records.accepted(delete("airport/A"));
        assertThat(records.fields("runway/1")).isNull();
        assertThat(records.fields("runway/3")).isNull();
        assertThat(records.fields("runway/2")).isEqualTo(json("{'airport': 'B'}"));
        assertThat(((RecordChanged) event("runway/2")).changed()).containsExactly("twin");
    }

    @Test
    void aRestrictDeepDownStopsTheWholeCascade() {
        records.model("a", "{'up': {'type': 'reference', 'to': 'a', 'onDelete': 'cascade'}}");
        records.model("b", "{'a': {'type': 'reference', 'to': 'a', 'onDelete': 'restrict'}}");
        records.accepted(make("a/1", "{}"), make("a/2", "{'up': '1'}"), make("a/3", "{'up': '2'}"));
        records.accepted(make("b/1", "{'a': '3'}"));
        assertThat(records.refused(delete("a/1")).reason()).isEqualTo(Reason.STILL_REFERENCED);
        records.accepted(delete("b/1"));
        records.accepted(delete("a/1"));
        assertThat(records.fields("a/3")).isNull();
    }

    @Test
    void aCycleOfCascadesEnds() {
        records.model("a", "{'up': {'type': 'reference', 'to': 'a', 'onDelete': 'cascade'}}");
        records.accepted(make("a/1", "{'up': '2'}"), make("a/2", "{'up': '1'}"));
        records.accepted(delete("a/1"));
        assertThat(records.fields("a/2")).isNull();
        records.accepted(make("a/3", "{'up': '3'}"));
        records.accepted(delete("a/3"));
    }

    @Test
    void aCascadeEndsAtItsBound() {
        records.accepted(make("airport/A", "{'name': 'a'}"));
        for (int page = 0; page < 3; page++) {
            var runways = new ArrayList<Operation>();
            for (int i = 0; i < 3_500; i++) {
                runways.add(make("runway/" + page + "-" + i, "{'airport': 'A'}"));
            }
            records.accepted(runways.toArray(Operation[]::new));
        }
        assertThat(records.refused(delete("airport/A")).reason())
                .isEqualTo(Reason.CASCADE_TOO_LARGE);
    }

    @Test
    void aReferrerThatWentElsewhereOrIsGoneDoesNotHoldARecord() {
        records.accepted(make("country/NZ", "{'name': 'n'}"), make("country/AU", "{'name': 'a'}"));
        records.accepted(make("airport/A", "{'name': 'a', 'country': 'NZ'}"));
        records.accepted(make("airport/B", "{'name': 'b', 'country': 'NZ'}"));
        records.accepted(patch("airport/A", "{'country': 'AU'}"));
        records.accepted(delete("airport/B"));
        records.accepted(delete("country/NZ"));
    }

    @Test
    void recordsOfRetiredModelsHoldNothing() {
        records.accepted(make("country/NZ", "{'name': 'n'}"));
        records.accepted(make("airport/A", "{'name': 'a', 'country': 'NZ'}"));
        records.retired("airport");
        records.accepted(delete("country/NZ"));
    }

    @Test
    void operationsReferToOneAnotherByLocalNames() {
        var command =
                new ChangeRecords(
                        List.of(
                                make("runway/r", "{'airport': {'$local': 'home'}}"),
                                make("airport/01890000", "{'name': 'a', 'more': {'$local': 'x'}}")),
                        Map.of("home", ref("airport/01890000")));
        records.accepted(command);
        assertThat(records.fields("runway/r")).isEqualTo(json("{'airport': '01890000'}"));
        assertThat(records.present("airport/01890000").get("more"))
                .as("in a field that is no reference it is a value like any other")
                .isEqualTo(json("{'$local': 'x'}"));
        var refusal = records.refused(make("runway/s", "{'airport': {'$local': 'away'}}"));
        assertThat(refusal.faults()).extracting(Fault::code).contains("unknown-local");
    }

    @Test
    void oneRecordGetsOneEventOfOneCommand() {
        int before = records.log.entries().size();
        assertThat(
                        records.accepted(
                                make("country/NZ", "{'name': 'a'}"),
                                patch("country/NZ", "{'name': 'b'}"),
                                make("country/AU", "{'name': 'a'}"),
                                delete("country/AU")))
                .containsExactly(
                        new Written(Change.CREATED, ref("country/NZ"), 1),
                        new Written(Change.CREATED, ref("country/NZ"), 1),
                        new Written(Change.DELETED, ref("country/AU"), 0),
                        new Written(Change.DELETED, ref("country/AU"), 0));
        assertThat(records.log.entries()).hasSize(before + 1);
        assertThat(records.fields("country/NZ")).isEqualTo(json("{'name': 'b'}"));
        records.accepted(delete("country/NZ"), put("country/NZ", "{'name': 'c'}"));
        assertThat(records.log.last().event()).isInstanceOf(RecordChanged.class);
    }

    @Test
    void everyFaultOfABatchIsNamed() {
        var refusal =
                records.refused(
                        make("country/NZ", "{'name': 'a'}"),
                        make("country/AU", "{}"),
                        make("planet/X", "{}"),
                        make("airport/A", "{'name': 'a', 'country': 'AU'}"),
                        make("airport/B", "{'name': 'b', 'country': 'XX'}"));
        assertThat(refusal.faults())
                .as("a reference to a record that is itself refused is not held against it")
                .extracting(Fault::code)
                .containsExactly("required", "unknown-model", "unresolved-reference");
        assertThat(refusal.reason()).isEqualTo(Reason.INVALID_RECORD);
    }

    @Test
    void siftingDoesWhatIsRightAndNamesWhatIsNot() {
        records.accepted(make("airport/H", "{'name': 'h', 'iata': 'HHH'}"));
        var command =
                new ChangeRecords(
                        List.of(
                                make("country/NZ", "{'name': 'a'}"),
                                make("country/AU", "{}"),
                                make("airport/A", "{'name': 'a', 'country': 'AU'}"),
                                make("airport/B", "{'name': 'b', 'iata': 'HHH'}"),
                                patch("airport/H", "{'name': 'i'}"),
                                make("airport/C", "{'name': 'c', 'country': 'NZ'}")),
                        Map.of());
        var decision = records.log.send(RecordDecider::sift, command);
        Sifted sifted = ((Decision.Accepted<Sifted>) decision).result();
        assertThat(sifted.refused().keySet()).containsExactly(1, 2, 3);
        assertThat(sifted.refused().get(2))
                .extracting(Fault::code)
                .containsExactly("unresolved-reference");
        assertThat(sifted.written())
                .extracting(Written::record)
                .containsExactly(ref("country/NZ"), ref("airport/H"), ref("airport/C"));
    }

    @Test
    void tenThousandOperationsAreDecidedAtOnce() {
        records.accepted(
                IntStream.range(0, 10_000)
                        .mapToObj(i -> make("airport/" + i, "{'name': 'a', 'height': " + i + "}"))
                        .toArray(Operation[]::new));
        assertThat(records.log.entries()).hasSize(10_003);
    }

    private Object event(String record) {
        return records.log.entries().stream()
                .map(entry -> entry.event())
                .filter(event ->
                        event instanceof io.headwater.contract.RecordEvent of
                                && of.record().equals(ref(record)))
                .reduce((old, now) -> now)
                .orElseThrow();
    }
}
