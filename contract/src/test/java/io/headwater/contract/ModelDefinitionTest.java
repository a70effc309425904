package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Definitions, read and written, and records checked by them. JSON is written with single quotes.
class ModelDefinitionTest {
    private static final String EVERYTHING =
            """
            {'label': 'Everything',
             'fields': {
               'a': {'type': 'text', 'label': 'A', 'required': true, 'minLength': 1, 'maxLength': 9, 'pattern': '^x'},
               'b': {'type': 'text', 'unique': true, 'maxLength': 500},
               'c': {'type': 'integer', 'indexed': true, 'min': -5, 'max': 5, 'default': 1},
               'd': {'type': 'decimal', 'precision': 12, 'scale': 3, 'min': '0', 'max': '99.5', 'default': '1.500'},
               'e': {'type': 'boolean', 'default': false},
               'f': {'type': 'date', 'min': '2020-01-01', 'max': '2030-01-01'},
               'g': {'type': 'timestamp', 'min': '2020-01-01T00:00:00.000000Z', 'max': '2030-01-01T00:00:00.500000Z'},
               'h': {'type': 'uuid'},
               'i': {'type': 'enum', 'options': ['p', 'q'], 'default': 'q'},
               'j': {'type': 'reference', 'to': 'other', 'onDelete': 'cascade'},
               'k': {'type': 'json', 'default': {'z': [1]}},
               'l': {'type': 'list', 'items': {'type': 'enum', 'options': ['p']}, 'maxItems': 4, 'default': ['p']},
               'm': {'type': 'text', 'search': true, 'maxLength': 20},
               'n': {'type': 'text', 'indexed': true, 'search': 'A', 'maxLength': 30},
               'o': {'type': 'list', 'indexed': true, 'items': {'type': 'text', 'maxLength': 500}, 'maxItems': 9}}}
            """;

    @Test
    void writingGivesBackWhatWasRead() {
        var definition = read(EVERYTHING);
        assertThat(definition.toJson()).hasToString(json(EVERYTHING).toString());
        assertThat(read(definition.toJson().toString()).toJson()).isEqualTo(definition.toJson());
    }

    @Test
    void fieldsKeepTheirOrder() {
        assertThat(
                        read("{'fields': {'z': {'type': 'uuid'}, 'a': {'type': 'uuid'}}}")
                                .fields()
                                .keySet())
                .containsExactly("z", "a");
    }

    @Test
    void aRecordGetsItsDefaultsAndLosesItsNulls() {
        var definition = read(EVERYTHING);
        var faults = new Faults();
        assertThat(
                        String.valueOf(
                                definition.canonical(
                                        json("{'i': null, 'a': 'x', 'd': 2}"), faults)))
                .as("in the order of the model; an explicit null is no value, not the default")
                .isEqualTo(
                        json("{'a': 'x', 'c': 1, 'd': '2.000', 'e': false, 'k': {'z': [1]}, 'l': ['p']}")
                                .toString());
        assertThat(faults.list()).isEmpty();
    }

    @Test
    void everythingThatIsWrongWithARecordIsSaid() {
        var faults = new Faults();
        assertThat(read(EVERYTHING).canonical(json("{'b': 5, 'a/b': 1, 'l': ['z']}"), faults))
                .isNull();
        assertThat(faults.list())
                .extracting(Fault::pointer)
                .containsExactlyInAnyOrder("/a~1b", "/a", "/b", "/l/0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | '' | type",
                "{} | /fields | required",
                "{'fields': {}} | /fields | required",
                "{'fields': {'x': {'type': 'uuid'}}, 'colour': 1} | /colour | unknown-attribute",
                "{'fields': {'x': {'type': 'uuid'}}, 'label': 5} | /label | type",
                "{'fields': {'1x': {'type': 'uuid'}}} | /fields/1x | name",
                "{'fields': {'x-y': {'type': 'uuid'}}} | /fields/x-y | name",
                "{'fields': {'x': 5}} | /fields/x | type",
                "{'fields': {'x': {}}} | /fields/x/type | type",
                "{'fields': {'x': {'type': 'string'}}} | /fields/x/type | type",
                "{'fields': {'x': {'type': 'uuid', 'min': 1}}} | /fields/x/min | unknown-attribute",
                "{'fields': {'x': {'type': 'uuid', 'required': 'yes'}}} | /fields/x/required | type",
                "{'fields': {'x': {'type': 'text', 'maxLength': 0}}} | /fields/x/maxLength | range",
                "{'fields': {'x': {'type': 'text', 'maxLength': 100001}}} | /fields/x/maxLength | range",
                "{'fields': {'x': {'type': 'text', 'unique': true, 'maxLength': 501}}} | /fields/x/maxLength | range",
                "{'fields': {'x': {'type': 'text', 'minLength': 5, 'maxLength': 4}}} | /fields/x/minLength | range",
                "{'fields': {'x': {'type': 'text', 'pattern': '('}}} | /fields/x/pattern | pattern",
                "{'fields': {'x': {'type': 'text', 'pattern': 'a(?=b)'}}} | /fields/x/pattern | pattern",
                "{'fields': {'x': {'type': 'integer', 'min': 5, 'max': 4}}} | /fields/x/min | range",
                "{'fields': {'x': {'type': 'date', 'min': '2026-01-02', 'max': '2026-01-01'}}} | /fields/x/min | range",
                "{'fields': {'x': {'type': 'timestamp', 'min': '2026-01-02T00:00:00Z', 'max': '2026-01-01T00:00:00Z'}}} | /fields/x/min | range",
                "{'fields': {'x': {'type': 'decimal', 'precision': 39}}} | /fields/x/precision | range",
                "{'fields': {'x': {'type': 'decimal', 'precision': 3, 'scale': 4}}} | /fields/x/scale | range",
                "{'fields': {'x': {'type': 'decimal', 'min': 2, 'max': 1}}} | /fields/x/min | range",
                "{'fields': {'x': {'type': 'enum'}}} | /fields/x/options | options",
                "{'fields': {'x': {'type': 'enum', 'options': ['a', 'a']}}} | /fields/x/options | options",
                "{'fields': {'x': {'type': 'enum', 'options': ['']}}} | /fields/x/options | options",
                "{'fields': {'x': {'type': 'enum', 'options': ['\\u0000']}}} | /fields/x/options | options",
                "{'fields': {'x': {'type': 'reference'}}} | /fields/x/to | to",
                "{'fields': {'x': {'type': 'reference', 'to': 'No'}}} | /fields/x/to | to",
                "{'fields': {'x': {'type': 'reference', 'to': 'm', 'onDelete': 'explode'}}} | /fields/x/onDelete | onDelete",
                "{'fields': {'x': {'type': 'reference', 'to': 'm', 'onDelete': 'clear', 'required': true}}} | /fields/x/onDelete | onDelete",
                "{'fields': {'x': {'type': 'list'}}} | /fields/x/items | required",
                "{'fields': {'x': {'type': 'list', 'items': {'type': 'list', 'items': {'type': 'text'}}}}} | /fields/x/items/type | type",
                "{'fields': {'x': {'type': 'list', 'items': {'type': 'reference', 'to': 'm'}}}} | /fields/x/items/type | type",
                "{'fields': {'x': {'type': 'json', 'unique': true}}} | /fields/x | unique",
                "{'fields': {'x': {'type': 'json', 'indexed': true}}} | /fields/x | unique",
                "{'fields': {'x': {'type': 'list', 'unique': true, 'items': {'type': 'text'}}}} | /fields/x | unique",
                "{'fields': {'x': {'type': 'list', 'indexed': true, 'items': {'type': 'text', 'maxLength': 501}}}} | /fields/x/items/maxLength | range",
                "{'fields': {'x': {'type': 'integer', 'search': true}}} | /fields/x/search | search",
                "{'fields': {'x': {'type': 'text', 'search': 'E'}}} | /fields/x/search | search",
                "{'fields': {'x': {'type': 'text', 'search': 1}}} | /fields/x/search | search",
                "{'fields': {'x': {'type': 'boolean', 'unique': true}}} | /fields/x/unique | unique",
                "{'fields': {'x': {'type': 'integer', 'unique': true, 'default': 5}}} | /fields/x/default | unique",
                "{'fields': {'x': {'type': 'integer', 'max': 4, 'default': 5}}} | /fields/x/default | max",
                "{'fields': {'x': {'type': 'reference', 'to': 'm', 'default': 'a b'}}} | /fields/x/default | type"
            })
    void aDefinitionThatIsNotValidIsRefusedAtThePlace(String json, String pointer, String code) {
        var faults = new Faults();
        assertThat(ModelDefinition.read(json(json), faults)).isNull();
        assertThat(faults.list())
                .extracting(fault -> fault.pointer() + " " + fault.code())
                .contains(pointer.replace("''", "") + " " + code);
    }

    @Test
    void thereIsABoundOnFields() {
        var many = new StringBuilder("{'fields': {'x': {'type': 'uuid'}");
        for (int i = 0; i < 200; i++) {
            many.append(", 'x").append(i).append("': {'type': 'uuid'}");
        }
        var faults = new Faults();
        assertThat(ModelDefinition.read(json(many + "}}"), faults)).isNull();
        assertThat(faults.list()).extracting(Fault::code).containsExactly("maxFields");
    }

    @Test
    void thereIsABoundOnSearchedFields() {
        var many = new StringBuilder("{'fields': {'x': {'type': 'text', 'search': false}");
        for (int i = 0; i < 9; i++) {
            many.append(", 'x").append(i).append("': {'type': 'text', 'search': 'B'}");
        }
        var faults = new Faults();
        assertThat(ModelDefinition.read(json(many + "}}"), faults)).isNull();
        assertThat(faults.list()).extracting(Fault::code).containsExactly("search");
    }

    @Test
    void aFlawedInputBringsABoundedNumberOfFaults() {
        var many = new StringBuilder("{'fields': {'x': {'type': 'uuid'}}");
        for (int i = 0; i < 5_000; i++) {
            many.append(", 'x").append(i).append("': 1");
        }
        var faults = new Faults();
        ModelDefinition.read(json(many + "}"), faults);
        assertThat(faults.list()).hasSize(100);
    }

    @Test
    void aModelKnowsWhomItRefersTo() {
        assertThat(read(EVERYTHING).refersTo(new ModelName("other"))).isTrue();
        assertThat(read(EVERYTHING).refersTo(new ModelName("another"))).isFalse();
    }

    @Test
    void theSchemaOfARecordAgreesWithTheModel() {
        var schema = RecordSchema.ofEvents(new ModelName("m"), 3, read(EVERYTHING));
        assertThat(schema.at("/$id").asString()).isEqualTo("/models/m/schema?version=3");
        assertThat(schema.at("/properties/fields/required")).isEqualTo(json("['a']"));
        assertThat(schema.at("/properties/fields/properties/d/pattern").asString())
                .isEqualTo("^-?[0-9]+\\.[0-9]{3}$");
        assertThat(schema.at("/properties/fields/properties/l/items/enum"))
                .isEqualTo(json("['p']"));
    }

    private static ModelDefinition read(String json) {
        var faults = new Faults();
        var definition = ModelDefinition.read(json(json), faults);
        assertThat(faults.list()).isEmpty();
        return Objects.requireNonNull(definition);
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }
}
