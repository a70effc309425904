package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What each type takes, and its one canonical form. JSON is written with single quotes.
class FieldTypeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'text'} | 'a' | 'a'",
                "{'type': 'text'} | '' | ''",
                "{'type': 'text', 'maxLength': 1} | '😀' | '😀'",
                "{'type': 'text', 'pattern': 'b'} | 'abc' | 'abc'",
                "{'type': 'integer'} | 5 | 5",
                "{'type': 'integer'} | 5.0 | 5",
                "{'type': 'integer'} | 5e3 | 5000",
                "{'type': 'integer'} | -0 | 0",
                "{'type': 'integer'} | 0e999999999 | 0",
                "{'type': 'integer'} | 9223372036854775807 | 9223372036854775807",
                "{'type': 'integer'} | -9223372036854775808 | -9223372036854775808",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | 12.5 | '12.50'",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | '12.50' | '12.50'",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | '12.5000' | '12.50'",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | 1e2 | '100.00'",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | -0.0 | '0.00'",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | 999.99 | '999.99'",
                "{'type': 'decimal', 'precision': 2, 'scale': 2} | 0.99 | '0.99'",
                "{'type': 'decimal', 'precision': 5, 'scale': 0} | 7 | '7'",
                "{'type': 'boolean'} | true | true",
                "{'type': 'date'} | '2024-02-29' | '2024-02-29'",
                "{'type': 'date'} | '0001-01-01' | '0001-01-01'",
                "{'type': 'timestamp'} | '2026-01-31T10:00:00Z' | '2026-01-31T10:00:00.000000Z'",
                "{'type': 'timestamp'} | '2026-01-31T10:00:00.5+13:00' | '2026-01-30T21:00:00.500000Z'",
                "{'type': 'timestamp'} | '2026-01-31T10:00:00.123456Z' | '2026-01-31T10:00:00.123456Z'",
                "{'type': 'timestamp'} | '2026-01-31T10:00Z' | '2026-01-31T10:00:00.000000Z'",
                "{'type': 'uuid'} | '123E4567-E89B-12D3-A456-426614174000' | '123e4567-e89b-12d3-a456-426614174000'",
                "{'type': 'enum', 'options': ['a', 'b']} | 'b' | 'b'",
                "{'type': 'reference', 'to': 'm'} | 'KLAX' | 'KLAX'",
                "{'type': 'json'} | {'a': [1, 1.50, null]} | {'a': [1, 1.50, null]}",
                "{'type': 'list', 'items': {'type': 'decimal', 'precision': 5, 'scale': 1}} | [1, '2.0'] | ['1.0', '2.0']",
                "{'type': 'list', 'items': {'type': 'text'}} | [] | []"
            })
    void aValueHasOneCanonicalFormWhichIsItsOwn(String type, String given, String canonical) {
        var faults = new Faults();
        JsonNode once = type(type).canonical(json(given), "/x", faults);
        assertThat(faults.list()).isEmpty();
        assertThat(String.valueOf(once)).isEqualTo(json(canonical).toString());
        JsonNode twice = type(type).canonical(Objects.requireNonNull(once), "/x", faults);
        assertThat(twice).isEqualTo(once);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'text'} | 5 | type",
                "{'type': 'text', 'maxLength': 2} | 'abc' | maxLength",
                "{'type': 'text', 'minLength': 2} | 'a' | minLength",
                "{'type': 'text', 'pattern': '^b$'} | 'abc' | pattern",
                "{'type': 'text'} | 'a\\u0000' | text",
                "{'type': 'text'} | '\\ud83d' | text",
                "{'type': 'integer'} | '5' | type",
                "{'type': 'integer'} | 5.5 | type",
                "{'type': 'integer'} | 9223372036854775808 | range",
                "{'type': 'integer'} | 1e999999999 | range",
                "{'type': 'integer'} | 1e-999999999 | type",
                "{'type': 'integer', 'min': 3} | 2 | min",
                "{'type': 'integer', 'max': 3} | 4 | max",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | 1.234 | scale",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | 1000 | precision",
                "{'type': 'decimal', 'precision': 5, 'scale': 2, 'min': '1.5'} | 1.49 | min",
                "{'type': 'decimal', 'precision': 5, 'scale': 2, 'max': 1.5} | 1.51 | max",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | 'twelve' | type",
                "{'type': 'decimal', 'precision': 5, 'scale': 2} | true | type",
                "{'type': 'boolean'} | 'true' | type",
                "{'type': 'boolean'} | 1 | type",
                "{'type': 'date'} | '2023-02-29' | type",
                "{'type': 'date'} | '0000-01-01' | type",
                "{'type': 'date'} | '2023-2-9' | type",
                "{'type': 'date', 'min': '2026-01-01'} | '2025-12-31' | min",
                "{'type': 'timestamp'} | '2026-01-31 10:00:00' | type",
                "{'type': 'timestamp'} | '2026-01-31T10:00:00' | type",
                "{'type': 'timestamp'} | '2026-01-31T10:00:00.1234567Z' | type",
                "{'type': 'timestamp'} | '+10000-01-01T00:00:00Z' | type",
                "{'type': 'timestamp', 'max': '2026-01-01T00:00:00Z'} | '2026-01-01T00:00:01Z' | max",
                "{'type': 'uuid'} | '123e4567e89b12d3a456426614174000' | type",
                "{'type': 'uuid'} | '1-2-3-4-5' | type",
                "{'type': 'enum', 'options': ['a', 'b']} | 'A' | type",
                "{'type': 'reference', 'to': 'm'} | 'a/b' | type",
                "{'type': 'reference', 'to': 'm'} | '..' | type",
                "{'type': 'json'} | {'\\u0000': 1} | text",
                "{'type': 'list', 'items': {'type': 'text'}} | 'a' | type",
                "{'type': 'list', 'items': {'type': 'text'}, 'maxItems': 1} | ['a', 'b'] | maxItems"
            })
    void aValueThatDoesNotFitIsRefused(String type, String given, String code) {
        var faults = new Faults();
        assertThat(type(type).canonical(json(given), "/x", faults)).isNull();
        assertThat(faults.list()).extracting(Fault::code).containsExactly(code);
        assertThat(faults.list()).extracting(Fault::pointer).containsExactly("/x");
    }

    @Test
    void aFaultInAListIsAtItsPlace() {
        var faults = new Faults();
        var type = type("{'type': 'list', 'items': {'type': 'integer'}}");
        assertThat(type.canonical(json("[1, 'a', null]"), "/x", faults)).isNull();
        assertThat(faults.list()).extracting(Fault::pointer).containsExactly("/x/1", "/x/2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type': 'text'} | 12 | '12'",
                "{'type': 'integer'} | 12 | 12",
                "{'type': 'integer'} | 12x | '12x'",
                "{'type': 'boolean'} | true | true",
                "{'type': 'boolean'} | yes | 'yes'",
                "{'type': 'decimal'} | 12.5 | '12.5'",
                "{'type': 'json'} | {'a': 1} | {'a': 1}",
                "{'type': 'list', 'items': {'type': 'integer'}} | [1, 2] | [1, 2]",
                "{'type': 'list', 'items': {'type': 'integer'}} | [1, | '[1,'"
            })
    void bareTextStandsForAValue(String type, String text, String value) {
        assertThat(type(type).fromText(text.replace('\'', '"')).toString())
                .isEqualTo(json(value).toString());
    }

    @Test
    void whatIsQuotedInAMessageIsCutAndHarmless() {
        var faults = new Faults();
        type("{'type': 'integer'}").canonical(json("'" + "x\\n".repeat(500) + "'"), "/x", faults);
        assertThat(faults.list().getFirst().detail()).hasSizeLessThan(150).doesNotContain("\n");
    }

    private static FieldType type(String json) {
        var faults = new Faults();
        var model = ModelDefinition.read(json("{'fields': {'x': " + json + "}}"), faults);
        assertThat(faults.list()).isEmpty();
        return Objects.requireNonNull(Objects.requireNonNull(model).fields().get("x")).type();
    }

    private static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }
}
