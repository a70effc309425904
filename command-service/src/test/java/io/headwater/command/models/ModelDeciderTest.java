package io.headwater.command.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.command.ledger.RememberedLog;
import io.headwater.command.models.ModelCommand.DefineModel;
import io.headwater.command.models.ModelCommand.RetireModel;
import io.headwater.command.models.Verdict.Change;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDeciderTest {
    private static final Expected ANYTHING = new Expected.Anything();

    private final RememberedLog log = new RememberedLog();

    @Test
    void aModelIsDefinedEvolvedAndTheSameAgainChangesNothing() {
        assertThat(define("a", "{'x': {'type': 'text'}}"))
                .isEqualTo(new Verdict(Change.DEFINED, 1));
        assertThat(define("a", "{'x': {'type': 'text'}, 'y': {'type': 'date'}}"))
                .isEqualTo(new Verdict(Change.EVOLVED, 2));
        assertThat(define("a", "{'x': {'type': 'text'}, 'y': {'type': 'date'}}"))
                .isEqualTo(new Verdict(Change.UNCHANGED, 2));
        assertThat(log.entries()).hasSize(2);
        assertThat(log.last().tags()).containsExactly(EventTag.model(new ModelName("a")));
    }

    @Test
    void aDryRunGivesTheVerdictAndAppendsNothing() {
        var command =
                new DefineModel(
                        new ModelName("a"), fields("{'x': {'type': 'text'}}"), ANYTHING, true);
        assertThat(accepted(log.send(ModelDecider::define, command)))
                .isEqualTo(new Verdict(Change.DEFINED, 1));
        assertThat(log.entries()).isEmpty();
    }

    @Test
    void aReferenceToAModelThatIsNotThereIsRefusedAndOneToItselfIsNot() {
        assertThat(refusal("a", "{'b': {'type': 'reference', 'to': 'b'}}").reason())
                .isEqualTo(Reason.UNRESOLVED_REFERENCE);
        assertThat(refusal("a", "{'b': {'type': 'reference', 'to': 'b'}}").faults())
                .extracting(Fault::pointer)
                .containsExactly("/fields/b/to");
        define("a", "{'parent': {'type': 'reference', 'to': 'a'}}");
    }

    @Test
    void aModelIsRetiredOnlyWhenNoLiveModelRefersToIt() {
        define("a", "{'x': {'type': 'text'}}");
        define("b", "{'a': {'type': 'reference', 'to': 'a'}}");
        assertThat(refused(retire("a")).reason()).isEqualTo(Reason.MODEL_REFERENCED);
        assertThat(refused(retire("a")).detail()).contains("referred to by b");
        assertThat(accepted(retire("b"))).isEqualTo(new Verdict(Change.RETIRED, 2));
        assertThat(accepted(retire("a"))).isEqualTo(new Verdict(Change.RETIRED, 2));
        assertThat(refused(retire("a")).reason()).isEqualTo(Reason.MODEL_RETIRED);
        assertThat(refusal("a", "{'x': {'type': 'text'}}").reason())
                .isEqualTo(Reason.MODEL_RETIRED);
        assertThat(refused(retire("c")).reason()).isEqualTo(Reason.UNKNOWN_MODEL);
    }

    @Test
    void aReferenceToARetiredModelIsRefused() {
        define("a", "{'x': {'type': 'text'}}");
        retire("a");
        assertThat(refusal("b", "{'a': {'type': 'reference', 'to': 'a'}}").reason())
                .isEqualTo(Reason.UNRESOLVED_REFERENCE);
    }

    @Test
    void aVersionThatTheClientDidNotExpectIsRefused() {
        define("a", "{'x': {'type': 'text'}}");
        var fields = fields("{'x': {'type': 'text'}, 'y': {'type': 'text'}}");
        var stale =
                new DefineModel(new ModelName("a"), fields, new Expected.OneOf(Set.of(7L)), false);
        assertThat(refused(log.send(ModelDecider::define, stale)).reason())
                .isEqualTo(Reason.STALE_REVISION);
        var missing = new DefineModel(new ModelName("a"), fields, new Expected.Missing(), false);
        assertThat(refused(log.send(ModelDecider::define, missing)).reason())
                .isEqualTo(Reason.ALREADY_THERE);
        var right =
                new DefineModel(new ModelName("a"), fields, new Expected.OneOf(Set.of(1L)), false);
        assertThat(accepted(log.send(ModelDecider::define, right)).version()).isEqualTo(2);
        var absent = new DefineModel(new ModelName("z"), fields, new Expected.Existing(), false);
        assertThat(refused(log.send(ModelDecider::define, absent)).reason())
                .isEqualTo(Reason.STALE_REVISION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'text'} | {'type': 'text', 'label': 'X'}",
                "{'type': 'text', 'maxLength': 5} | {'type': 'text', 'maxLength': 6}",
                "{'type': 'text', 'minLength': 5} | {'type': 'text', 'minLength': 4}",
                "{'type': 'text', 'pattern': 'a'} | {'type': 'text'}",
                "{'type': 'text', 'required': true} | {'type': 'text'}",
                "{'type': 'text', 'maxLength': 5, 'unique': true} | {'type': 'text', 'maxLength': 5}",
                "{'type': 'text', 'maxLength': 5} | {'type': 'text', 'maxLength': 5, 'indexed': true}",
                "{'type': 'text'} | {'type': 'text', 'search': 'A'}",
                "{'type': 'text', 'search': 'A'} | {'type': 'text', 'search': true}",
                "{'type': 'text', 'search': true} | {'type': 'text'}",
                "{'type': 'text'} | {'type': 'text', 'default': 'x'}",
                "{'type': 'integer', 'min': 1, 'max': 5} | {'type': 'integer', 'min': 0, 'max': 6}",
                "{'type': 'integer', 'min': 1, 'max': 5} | {'type': 'integer'}",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | {'type': 'decimal', 'precision': 6, 'scale': 2}",
                "{'type': 'date', 'min': '2020-01-02'} | {'type': 'date', 'min': '2020-01-01'}",
                "{'type': 'timestamp', 'max': '2020-01-02T00:00:00Z'} | {'type': 'timestamp', 'max': '2020-01-03T00:00:00Z'}",
                "{'type': 'enum', 'options': ['a']} | {'type': 'enum', 'options': ['b', 'a']}",
                "{'type': 'reference', 'to': 'm'} | {'type': 'reference', 'to': 'm', 'onDelete': 'cascade'}",
                "{'type': 'list', 'items': {'type': 'text', 'maxLength': 5}} | {'type': 'list', 'items': {'type': 'text', 'maxLength': 9}}"
            })
    void aChangeThatKeepsStoredRecordsValidGoesThrough(String before, String after) {
        define("m", "{'x': " + before + "}");
        assertThat(define("m", "{'x': " + after + "}").change()).isEqualTo(Change.EVOLVED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'text'} | {'type': 'integer'} | changed-type | /fields/x/type",
                "{'type': 'text', 'maxLength': 5} | {'type': 'text', 'maxLength': 4} | narrowed-bound | /fields/x/maxLength",
                "{'type': 'text'} | {'type': 'text', 'indexed': true} | narrowed-bound | /fields/x/maxLength",
                "{'type': 'text'} | {'type': 'text', 'minLength': 1} | narrowed-bound | /fields/x/minLength",
                "{'type': 'text'} | {'type': 'text', 'pattern': 'a'} | changed-pattern | /fields/x/pattern",
                "{'type': 'text', 'pattern': 'a'} | {'type': 'text', 'pattern': 'b'} | changed-pattern | /fields/x/pattern",
                "{'type': 'text'} | {'type': 'text', 'required': true} | required | /fields/x/required",
                "{'type': 'text', 'maxLength': 5} | {'type': 'text', 'maxLength': 5, 'unique': true} | unique | /fields/x/unique",
                "{'type': 'integer'} | {'type': 'integer', 'min': 0} | narrowed-bound | /fields/x/min",
                "{'type': 'integer', 'max': 5} | {'type': 'integer', 'max': 4} | narrowed-bound | /fields/x/max",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | {'type': 'decimal', 'precision': 4, 'scale': 2} | narrowed-bound | /fields/x/precision",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | {'type': 'decimal', 'precision': 5, 'scale': 3} | changed-scale | /fields/x/scale",
                "{'type': 'date'} | {'type': 'date', 'max': '2020-01-01'} | narrowed-bound | /fields/x/max",
                "{'type': 'timestamp'} | {'type': 'timestamp', 'min': '2020-01-01T00:00:00Z'} | narrowed-bound | /fields/x/min",
                "{'type': 'enum', 'options': ['a', 'b']} | {'type': 'enum', 'options': ['b', 'c']} | removed-option | /fields/x/options",
                "{'type': 'reference', 'to': 'm'} | {'type': 'reference', 'to': 'other'} | changed-target | /fields/x/to",
                "{'type': 'list', 'items': {'type': 'text'}} | {'type': 'list', 'items': {'type': 'date'}} | changed-type | /fields/x/items/type",
                "{'type': 'list', 'items': {'type': 'text'}, 'maxItems': 5} | {'type': 'list', 'items': {'type': 'text'}, 'maxItems': 4} | narrowed-bound | /fields/x/maxItems"
            })
    void aChangeThatCouldBreakRecordsIsRefusedWithItsReason(
            String before, String after, String code, String pointer) {
        define("other", "{'y': {'type': 'text'}}");
        define("m", "{'x': " + before + "}");
        Refusal refusal = refusal("m", "{'x': " + after + "}");
        assertThat(refusal.reason()).isEqualTo(Reason.INCOMPATIBLE_CHANGE);
        assertThat(refusal.faults())
                .extracting(fault -> fault.code() + " " + fault.pointer())
                .containsExactly(code + " " + pointer);
    }

    @Test
    void allReasonsAreGivenAtOnce() {
        define("m", "{'x': {'type': 'text'}, 'y': {'type': 'text'}}");
        assertThat(
                        refusal(
                                        "m",
                                        "{'y': {'type': 'date'},"
                                                + " 'z': {'type': 'text', 'required': true, 'default': 'q'}}")
                                .faults())
                .extracting(Fault::code)
                .containsExactly("removed-field", "changed-type", "new-required-field");
    }

    private Verdict define(String model, String fields) {
        return accepted(log.send(ModelDecider::define, command(model, fields)));
    }

    private Refusal refusal(String model, String fields) {
        return refused(log.send(ModelDecider::define, command(model, fields)));
    }

    private Decision<Verdict> retire(String model) {
        return log.send(ModelDecider::retire, new RetireModel(new ModelName(model), ANYTHING));
    }

    private static DefineModel command(String model, String fields) {
        return new DefineModel(new ModelName(model), fields(fields), ANYTHING, false);
    }

    private static ModelDefinition fields(String json) {
        var faults = new Faults();
        var definition =
                ModelDefinition.read(
                        Json.mapper().readTree(("{'fields': " + json + "}").replace('\'', '"')),
                        faults);
        assertThat(faults.list()).isEqualTo(List.of());
        return Objects.requireNonNull(definition);
    }

    private static Verdict accepted(Decision<Verdict> decision) {
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted<Verdict>) decision).result();
    }

    private static Refusal refused(Decision<Verdict> decision) {
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused<Verdict>) decision).refusal();
    }
}
