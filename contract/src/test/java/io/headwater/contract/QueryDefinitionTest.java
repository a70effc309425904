package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class QueryDefinitionTest {
    private static final String AIRPORTS =
            """
            {"model": "airport", "description": "Airports of a country",
             "parameters": {"country": {"type": "text", "required": true, "description": "ISO code"},
                            "above": {"type": "integer", "min": 0, "max": 9000},
                            "kinds": {"type": "list", "items": {"type": "text"}},
                            "size": {"type": "integer", "default": 10}},
             "query": {"filter": {"and": [{"field": "elevation", "op": "gte", "value": {"$param": "above"}},
                                          {"or": [{"not": {"field": "elevation", "op": "gt", "value": {"$param": "above"}}}]},
                                          {"field": "country", "op": "eq", "value": {"$param": "country"}},
                                          {"field": "kind", "op": "in", "value": {"$param": "kinds"}}]},
                       "sort": ["-elevation"], "page": {"size": {"$param": "size"}}}}
            """;

    @Test
    void aDefinitionComesBackAsItWent() {
        QueryDefinition definition = definition(AIRPORTS);
        assertThat(definition(definition.toJson().toString())).isEqualTo(definition);
        assertThat(definition.toJson().at("/parameters/country/description").asString())
                .isEqualTo("ISO code");
        var event = new QueryEvent.QueryDefined(new QueryName("airports"), 2, definition);
        String json = EventJson.write(event);
        assertThat(EventJson.read("headwater.QueryDefined", json)).isEqualTo(event);
    }

    @Test
    void valuesTakeThePlaceOfParametersAndAreFoundThere() {
        var bound =
                bound(
                        "{\"country\": \"NZ\", \"above\": 5, \"kinds\": [\"a\", \"b\"], \"size\": 3}");
        assertThat(bound.document())
                .hasToString(
                        text(
                                """
                                {"filter": {"and": [{"field": "elevation", "op": "gte", "value": 5},
                                                    {"or": [{"not": {"field": "elevation", "op": "gt", "value": 5}}]},
                                                    {"field": "country", "op": "eq", "value": "NZ"},
                                                    {"field": "kind", "op": "in", "value": ["a", "b"]}]},
                                 "sort": ["-elevation"], "page": {"size": 3}}
                                """));
        assertThat(bound.places())
                .containsEntry("/filter/and/2/value", "country")
                .containsEntry("/page/size", "size");
    }

    @Test
    void whatAsksByAParameterWithoutValueIsLeftOut() {
        var bound = bound("{\"country\": \"NZ\"}");
        assertThat(bound.document())
                .hasToString(
                        text(
                                """
                                {"filter": {"and": [{"field": "country", "op": "eq", "value": "NZ"}]},
                                 "sort": ["-elevation"], "page": {"size": 10}}
                                """));
        assertThat(bound.places()).containsEntry("/filter/and/0/value", "country");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | /country required",
                "{\"country\": 5} | /country type",
                "{\"country\": \"NZ\", \"above\": 10000} | /above max",
                "{\"country\": \"NZ\", \"other\": 1} | /other unknown-field",
            })
    void anArgumentThatDoesNotFitIsNamed(String arguments, String fault) {
        var faults = new Faults();
        assertThat(definition(AIRPORTS).bind(object(arguments), faults)).isNull();
        assertThat(faults.list())
                .extracting(found -> found.pointer() + " " + found.code())
                .containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | ` type`",
                "{\"model\": \"m\"} | /query required",
                "{\"query\": {}} | /model model",
                "{\"model\": \"m\", \"query\": {}, \"x\": 1} | /x unknown-attribute",
                "{\"model\": \"m\", \"query\": {\"asOf\": \"x\"}} | /query/asOf moment",
                "{\"model\": \"m\", \"query\": {\"filter\": {\"$param\": \"p\"}}} | /query/filter unknown-parameter",
                "{\"model\": \"m\", \"query\": {}, \"parameters\": {\"p\": {\"type\": \"text\"}}} | /parameters/p unused",
                "{\"model\": \"m\", \"query\": {\"a\": {\"$param\": \"p\"}}, \"parameters\": {\"p\": {\"type\": \"x\"}}} |"
                        + " /parameters/p/type type",
                "{\"model\": \"m\", \"query\": {\"a\": {\"$param\": \"p\"}}, \"parameters\": {\"p\": {\"type\": \"text\", \"unique\": true}}}"
                        + " | /parameters/p/unique unknown-attribute",
                "{\"model\": \"m\", \"query\": {\"a\": {\"$param\": \"asOf\"}}, \"parameters\": {\"asOf\": {\"type\": \"text\"}}} |"
                        + " /parameters/asOf reserved",
            })
    void whatIsNoDefinitionIsSaid(String json, String fault) {
        var faults = new Faults();
        assertThat(QueryDefinition.read(Json.mapper().readTree(json), faults)).isNull();
        assertThat(faults.list())
                .extracting(found -> found.pointer() + " " + found.code())
                .contains(fault);
    }

    private static QueryDefinition.Bound bound(String arguments) {
        var faults = new Faults();
        QueryDefinition.@Nullable Bound bound =
                definition(AIRPORTS).bind(object(arguments), faults);
        assertThat(faults.list()).isEmpty();
        return Objects.requireNonNull(bound);
    }

    private static QueryDefinition definition(String json) {
        var faults = new Faults();
        QueryDefinition definition = QueryDefinition.read(Json.mapper().readTree(json), faults);
        assertThat(faults.list()).isEmpty();
        return Objects.requireNonNull(definition);
    }

    private static String text(String json) {
        return object(json).toString();
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }
}
