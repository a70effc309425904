package io.headwater.command.queries;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.command.ledger.RememberedLog;
import io.headwater.command.models.Verdict;
import io.headwater.command.models.Verdict.Change;
import io.headwater.command.queries.QueryCommand.DefineQuery;
import io.headwater.command.queries.QueryCommand.RetireQuery;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryName;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class QueryDeciderTest {
    private static final Expected ANYTHING = new Expected.Anything();
    private static final QueryName QUERY = new QueryName("high");
    private static final String FILTER = "{'field': 'n', 'op': 'gt', 'value': {'$param': 'p'}}";
    private static final String PLAIN =
            "{'model': 'm', 'parameters': {'p': {'type': 'integer', 'min': 0}}, 'query': {'filter': "
                    + FILTER
                    + ", 'fields': ['n', 's']}}";

    private final RememberedLog log = new RememberedLog();

    @BeforeEach
    void defineModel() {
        var faults = new Faults();
        var definition =
                Objects.requireNonNull(
                        ModelDefinition.read(
                                json(
                                        "{'fields': {'n': {'type': 'integer'}, 's': {'type': 'text'}, 'd': {'type': 'date'}}}"),
                                faults));
        var model = new ModelName("m");
        log.append(
                List.of(
                        new Entry(
                                new ModelDefined(model, 1, definition),
                                Set.of(EventTag.model(model)))));
    }

    @Test
    void aQueryIsDefinedChangedAndRetired() {
        assertThat(accepted(define(PLAIN))).isEqualTo(new Verdict(Change.DEFINED, 1));
        assertThat(log.last().tags()).containsExactly(EventTag.query(QUERY));
        assertThat(accepted(define(PLAIN))).isEqualTo(new Verdict(Change.UNCHANGED, 1));
        assertThat(log.entries()).hasSize(2);
        assertThat(accepted(define(PLAIN.replace("'gt'", "'gte'"))))
                .isEqualTo(new Verdict(Change.EVOLVED, 2));
        assertThat(accepted(retire())).isEqualTo(new Verdict(Change.RETIRED, 3));
        assertThat(refused(retire()).reason()).isEqualTo(Reason.QUERY_RETIRED);
        assertThat(refused(define(PLAIN)).reason()).isEqualTo(Reason.QUERY_RETIRED);
    }

    @Test
    void aDryRunGivesTheVerdictAndAppendsNothing() {
        var command = new DefineQuery(QUERY, definition(PLAIN), ANYTHING, true);
        assertThat(accepted(log.send(QueryDecider::define, command)))
                .isEqualTo(new Verdict(Change.DEFINED, 1));
        assertThat(log.entries()).hasSize(1);
    }

    @Test
    void aVersionThatTheClientDidNotExpectIsRefused() {
        accepted(define(PLAIN));
        var stale =
                new DefineQuery(QUERY, definition(PLAIN), new Expected.OneOf(Set.of(7L)), false);
        assertThat(refused(log.send(QueryDecider::define, stale)).reason())
                .isEqualTo(Reason.STALE_REVISION);
        var missing = new RetireQuery(new QueryName("other"), ANYTHING);
        assertThat(refused(log.send(QueryDecider::retire, missing)).reason())
                .isEqualTo(Reason.UNKNOWN_QUERY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model': 'x', 'query': {}} | UNKNOWN_MODEL |",
                "{'model': 'm', 'query': {'sort': ['-q']}} | INVALID_QUERY | /query/sort/0 unknown-field",
                "{'model': 'm', 'query': {'fields': ['q']}} | INVALID_QUERY | /query/fields/0 unknown-field",
                "{'model': 'm', 'query': {'filter': {'not': {'or': [{'field': 'q', 'op': 'eq', 'value': 1}]}}}}"
                        + " | INVALID_QUERY | /query/filter/not/or/0/field unknown-field",
                "{'model': 'm', 'parameters': {'p': {'type': 'date'}}, 'query': {'filter': {'field': 'n', 'op': 'gt', 'value':"
                        + " {'$param': 'p'}}}} | INVALID_QUERY | /query/filter/value type",
            })
    void whatDoesNotFitTheModelIsRefused(String definition, Reason reason, String fault) {
        Refusal refusal = refused(define(definition));
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.faults())
                .extracting(found -> found.pointer() + " " + found.code())
                .isEqualTo(fault == null ? List.of() : List.of(fault));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'min': 0 | 'min': 1 | /parameters/p narrowed-parameter",
                "'min': 0 | 'required': true | /parameters/p/required required",
                "'parameters': {'p' | 'parameters': {'r': {'type': 'integer', 'required': true}, 'p'"
                        + " | /parameters/r/required new-required-parameter",
                "'s'] | 'd'] | /query/fields removed-field",
            })
    void aChangeThatCouldBreakCallersIsRefusedWithItsReason(
            String before, String after, String fault) {
        accepted(define(PLAIN));
        String changed = PLAIN.replace(before, after);
        if (changed.contains("'r'")) {
            changed =
                    changed.replace(
                            FILTER,
                            "{'and': [" + FILTER + ", " + FILTER.replace("'p'", "'r'") + "]}");
        }
        Refusal refusal = refused(define(changed));
        assertThat(refusal.reason()).isEqualTo(Reason.BREAKING_CHANGE);
        assertThat(refusal.faults())
                .extracting(found -> found.pointer() + " " + found.code())
                .containsExactly(fault);
    }

    @Test
    void aParameterThatIsGoneOrOfAnotherTypeIsRefused() {
        accepted(define(PLAIN));
        assertThat(refused(define(PLAIN.replace("'p'", "'q'"))).faults())
                .extracting(found -> found.code())
                .containsExactly("removed-parameter");
        assertThat(
                        refused(
                                        define(
                                                "{'model': 'm', 'parameters': {'p': {'type': 'text'}}, 'query': {'filter':"
                                                        + " {'field': 's', 'op': 'eq', 'value': {'$param': 'p'}}}}"))
                                .faults())
                .extracting(found -> found.code())
                .containsExactly("narrowed-parameter");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'min': 0 | 'min': -1",
                "'min': 0 | 'description': 'x'",
                "'min': 0 | 'min': 0, 'required': true, 'default': 5",
                ", 'fields': ['n', 's'] | ''",
                "['n', 's'] | ['n', 's', 'd']",
            })
    void aChangeThatBreaksNobodyGoesThrough(String before, String after) {
        accepted(define(PLAIN));
        assertThat(
                        accepted(define(PLAIN.replace(before, after.equals("''") ? "" : after)))
                                .change())
                .isEqualTo(Change.EVOLVED);
    }

    private Decision<Verdict> define(String definition) {
        return log.send(
                QueryDecider::define,
                new DefineQuery(QUERY, definition(definition), ANYTHING, false));
    }

    private Decision<Verdict> retire() {
        return log.send(QueryDecider::retire, new RetireQuery(QUERY, ANYTHING));
    }

    private static QueryDefinition definition(String json) {
        var faults = new Faults();
        var definition = QueryDefinition.read(json(json), faults);
        assertThat(faults.list()).isEqualTo(List.of());
        return Objects.requireNonNull(definition);
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
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
