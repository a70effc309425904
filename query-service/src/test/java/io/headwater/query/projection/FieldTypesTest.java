package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Values of every type come out of the tables as they went into the log.
class FieldTypesTest {
    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    private static final String EVERYTHING =
            """
            {"fields": {
              "text": {"type": "text"}, "integer": {"type": "integer"},
              "decimal": {"type": "decimal", "precision": 38, "scale": 6},
              "boolean": {"type": "boolean"}, "date": {"type": "date"}, "timestamp": {"type": "timestamp"},
              "uuid": {"type": "uuid"}, "enum": {"type": "enum", "options": ["a \\"b\\" {c,d}", "NULL"]},
              "reference": {"type": "reference", "to": "everything"}, "json": {"type": "json"},
              "texts": {"type": "list", "items": {"type": "text"}},
              "integers": {"type": "list", "items": {"type": "integer"}},
              "decimals": {"type": "list", "items": {"type": "decimal", "precision": 38, "scale": 6}},
              "booleans": {"type": "list", "items": {"type": "boolean"}},
              "dates": {"type": "list", "items": {"type": "date"}},
              "timestamps": {"type": "list", "items": {"type": "timestamp"}},
              "uuids": {"type": "list", "items": {"type": "uuid"}},
              "enums": {"type": "list", "items": {"type": "enum", "options": ["x", "NULL"]}}}}\
            """;

    /// Canonical form, extremes of each type.
    private static final List<String> RECORDS =
            List.of(
                    """
                    {"text": "", "integer": -9223372036854775808,
                     "decimal": "-99999999999999999999999999999999.999999", "boolean": false,
                     "date": "0001-01-01", "timestamp": "0001-01-01T00:00:00.000000Z",
                     "uuid": "00000000-0000-0000-0000-000000000000", "enum": "a \\"b\\" {c,d}",
                     "reference": "~._-", "json": {"b": 1.500, "a": [null, 1e400, {"": "\\u0001"}]},
                     "texts": [], "integers": [], "decimals": [], "booleans": [], "dates": [], "timestamps": [],
                     "uuids": [], "enums": []}\
                    """,
                    """
                    {"text": "null NULL {\\"a\\",b} \\\\ \\r\\n\\t' \\u0001 \\uD83D\\uDE00 \\u1E9E", "integer": 9223372036854775807,
                     "decimal": "0.000000", "boolean": true,
                     "date": "9999-12-31", "timestamp": "9999-12-31T23:59:59.999999Z",
                     "uuid": "ffffffff-ffff-ffff-ffff-ffffffffffff", "enum": "NULL",
                     "reference": "NULL", "json": "text",
                     "texts": ["", "NULL", "null", " a ", "\\"", "\\\\", "{}", ",", "\\uD83D\\uDE00\\n"],
                     "integers": [-9223372036854775808, 0, 9223372036854775807],
                     "decimals": ["-1.000000", "99999999999999999999999999999999.999999"],
                     "booleans": [true, false], "dates": ["0001-01-01", "2024-02-29"],
                     "timestamps": ["1969-12-31T23:59:59.999999Z", "2026-03-29T01:30:00.000001Z"],
                     "uuids": ["123e4567-e89b-12d3-a456-426614174000"], "enums": ["NULL", "x"]}\
                    """,
                    """
                    {"json": false}\
                    """,
                    "{}");

    @Test
    void everyValueComesBackExactly() throws Exception {
        fixture.log().append(defined("everything", 1, EVERYTHING));
        for (int i = 0; i < RECORDS.size(); i++) {
            fixture.log().append(created("everything", "r" + i, RECORDS.get(i)));
        }
        fixture.startProjection("one");
        fixture.readModel().await(1 + RECORDS.size());

        for (int i = 0; i < RECORDS.size(); i++) {
            assertThat(readBack("r" + i))
                    .as("record %d", i)
                    .isEqualTo(TestEvents.object(RECORDS.get(i)).toString());
        }
    }

    /// The row as canonical JSON.
    private String readBack(String id) throws Exception {
        try (Connection connection = fixture.readModel().connect();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT * FROM read.record_everything WHERE _id = '" + id + "'")) {
            assertThat(row.next()).isTrue();
            var json = Json.mapper().createObjectNode();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                String name = row.getMetaData().getColumnName(i);
                // columns of the house begin so, those of fields never do
                if (name.startsWith("_") || row.getObject(i) == null) {
                    continue;
                }
                if (name.equals("json")) {
                    json.set(name, Json.mapper().readTree(row.getString(i)));
                } else if (row.getArray(i) != null && name.endsWith("s")) {
                    var list = json.putArray(name);
                    try (ResultSet items = row.getArray(i).getResultSet()) {
                        while (items.next()) {
                            list.add(canonical(name.substring(0, name.length() - 1), items, 2));
                        }
                    }
                } else {
                    json.set(name, canonical(name, row, i));
                }
            }
            return json.toString();
        }
    }

    private static tools.jackson.databind.JsonNode canonical(String type, ResultSet row, int i)
            throws Exception {
        var nodes = tools.jackson.databind.node.JsonNodeFactory.instance;
        return switch (type) {
            case "integer" -> nodes.numberNode(row.getLong(i));
            case "boolean" -> nodes.booleanNode(row.getBoolean(i));
            case "decimal" -> nodes.stringNode(row.getBigDecimal(i).toPlainString());
            case "date" -> nodes.stringNode(row.getObject(i, LocalDate.class).toString());
            case "timestamp" -> {
                Instant moment = row.getObject(i, OffsetDateTime.class).toInstant();
                yield nodes.stringNode(io.headwater.contract.FieldType.Moment.text(moment));
            }
            default -> nodes.stringNode(row.getString(i));
        };
    }

    @Test
    void aModelMayHaveTwoHundredFieldsWithTheLongestNames() throws Exception {
        String pad = "x".repeat(44);
        String definition =
                IntStream.range(0, 200)
                        .mapToObj(i ->
                                "\"f%03d%s\": {\"type\": \"text\", \"indexed\": true}"
                                        .formatted(i, pad))
                        .collect(Collectors.joining(",", "{\"fields\": {", "}}"));
        String fields =
                IntStream.range(0, 200)
                        .mapToObj(i -> "\"f%03d%s\": \"%d\"".formatted(i, pad, i))
                        .collect(Collectors.joining(",", "{", "}"));
        String model = "m".repeat(48);
        fixture.log().append(defined(model, 1, definition));
        fixture.log().append(created(model, "wide", fields));
        fixture.startProjection("one");
        fixture.readModel().await(2);

        var row = fixture.readModel().rows("SELECT * FROM read.record_" + model).getFirst();
        assertThat(row).containsEntry("f199" + pad, "199");
        assertThat(row.keySet()).filteredOn(column -> !column.startsWith("_")).hasSize(200);
        assertThat(
                        fixture.readModel()
                                .one(
                                        "SELECT count(*) FROM pg_indexes WHERE schemaname = 'read' AND tablename = ? AND indexname LIKE 'ix\\_%'",
                                        "record_" + model))
                .isEqualTo(200L);
    }

    @Test
    void namesThatMeanSomethingToPostgresqlAreOrdinaryNames() throws Exception {
        var names =
                new ArrayList<>(
                        List.of("xmin", "ctid", "tableoid", "select", "Name", "name", "NAME"));
        String definition =
                names.stream()
                        .map("\"%s\": {\"type\": \"text\", \"indexed\": true}"::formatted)
                        .collect(Collectors.joining(",", "{\"fields\": {", "}}"));
        String fields =
                names.stream()
                        .map(name -> "\"%s\": \"the %s\"".formatted(name, name))
                        .collect(Collectors.joining(",", "{", "}"));
        for (String model : List.of("checkpoint", "model", "table", "flyway_schema_history")) {
            long at = fixture.log().append(defined(model, 1, definition));
            assertThat(fixture.log().append(created(model, "r", fields))).isEqualTo(at + 1);
        }
        fixture.startProjection("one");
        fixture.readModel().await(8);

        for (String model : List.of("checkpoint", "model", "table", "flyway_schema_history")) {
            assertThat(fixture.readModel().rows("SELECT * FROM read.record_" + model).getFirst())
                    .containsEntry("_xmin", "the xmin")
                    .containsEntry("select", "the select")
                    .containsEntry("Name", "the Name")
                    .containsEntry("name", "the name");
        }
    }
}
