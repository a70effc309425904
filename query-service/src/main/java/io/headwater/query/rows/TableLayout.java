package io.headwater.query.rows;

import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.tables.ColumnType;
import io.headwater.query.tables.RecordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The SQL that makes, changes and fills the tables of one model, that of its records and that of
/// their history, which has the same columns and indexes. Tables are named without their schema:
/// the connection's `search_path` says which.
///
/// Rows go in as one array for each column, unnested by the server. Every field's array is
/// `text[]`: the canonical form of a value is what PostgreSQL reads, and the server does the
/// casting.
final class TableLayout {
    private final String table;
    private final List<Field> fields;
    private final HistoryLayout history;

    /// @param fields every field that the model has or had
    TableLayout(ModelName model, List<Field> fields) {
        this.table = RecordTable.of(model).name().toString();
        this.fields = List.copyOf(fields);
        this.history = HistoryLayout.of(model, fields.stream().map(TableLayout::column).toList());
    }

    HistoryLayout history() {
        return history;
    }

    List<Field> fields() {
        return fields;
    }

    List<String> create() {
        String columns =
                fields.stream()
                        .map(field -> ",\n    " + columnDefinition(field))
                        .collect(Collectors.joining());
        var statements = new ArrayList<String>();
        statements.add(
                """
                CREATE TABLE %s (
                    "_id" text COLLATE "C" PRIMARY KEY,
                    "_revision" bigint NOT NULL,
                    "_position" bigint NOT NULL,
                    "_model_version" integer NOT NULL,
                    "_created_at" timestamptz NOT NULL,
                    "_updated_at" timestamptz NOT NULL,
                    "_valid_from" timestamptz NOT NULL%s
                ) WITH (fillfactor = 90)
                """
                        .formatted(table, columns));
        // What has not changed since a moment, if that is little. A BRIN index keeps no update from
        // being a HOT one.
        statements.add(
                "CREATE INDEX ON %s USING brin (\"_position\") WITH (pages_per_range = 16, autosummarize = on)"
                        .formatted(table));
        statements.add("GRANT SELECT ON %s TO read_reader".formatted(table));
        statements.addAll(history.create());
        return statements;
    }

    List<String> addColumn(Field field) {
        return Stream.of(table, history.table())
                .map(each ->
                        "ALTER TABLE %s ADD COLUMN %s".formatted(each, columnDefinition(field)))
                .toList();
    }

    /// Parameters: the arrays of [RecordRows], without the last.
    String insert() {
        return "INSERT INTO %s (\"_id\", \"_revision\", \"_position\", \"_model_version\", \"_updated_at\", \"_created_at\", \"_valid_from\"%s)\nSELECT %s\n  FROM unnest(%s) AS r (%s)"
                .formatted(
                        table,
                        fields.stream()
                                .map(field -> ", " + column(field))
                                .collect(Collectors.joining()),
                        "r.id, r.revision, r.position, r.version, r.at::timestamptz, r.created::timestamptz, coalesce(r.valid, r.at)::timestamptz"
                                + values((_, value) -> ", " + value),
                        arrays(),
                        names());
    }

    /// Parameters: the arrays of [RecordRows]. Updates a row only from the revision that the event
    /// follows.
    String update() {
        return "UPDATE %s AS t\n   SET \"_revision\" = r.revision, \"_position\" = r.position, \"_model_version\" = r.version, \"_updated_at\" = r.at::timestamptz, \"_created_at\" = coalesce(r.created::timestamptz, t.\"_created_at\"), \"_valid_from\" = coalesce(r.valid, r.at)::timestamptz%s\n  FROM unnest(%s, ?::bigint[]) AS r (%s, base)\n WHERE t.\"_id\" = r.id AND t.\"_revision\" = r.base"
                .formatted(
                        table,
                        values((field, value) -> ", " + column(field) + " = " + value),
                        arrays(),
                        names());
    }

    /// Parameters: ids, and the revisions that the deletes follow.
    String delete() {
        return "DELETE FROM %s AS t\n USING unnest(?::text[], ?::bigint[]) AS r (id, base)\n WHERE t.\"_id\" = r.id AND t.\"_revision\" = r.base"
                .formatted(table);
    }

    /// Parameters: the arrays of [RecordRows]; then positions of the events that end the states,
    /// and whether they are deletions.
    String addToHistory() {
        return history.add(
                "unnest(%s, ?::bigint[], ?::boolean[]) AS r (%s, until, deleted)"
                        .formatted(arrays(), names()),
                values((_, value) -> ", " + value));
    }

    private String arrays() {
        return "?::text[], ?::bigint[], ?::bigint[], ?::integer[], ?::text[], ?::text[], ?::text[]"
                + ", ?::text[]".repeat(fields.size());
    }

    private String names() {
        return "id, revision, position, version, at, created, valid"
                + IntStream.range(0, fields.size())
                        .mapToObj(i -> ", f" + i)
                        .collect(Collectors.joining());
    }

    private String values(java.util.function.BiFunction<Field, String, String> form) {
        return IntStream.range(0, fields.size())
                .mapToObj(i -> {
                    Field field = fields.get(i);
                    String type = ColumnType.of(field.type()).sql();
                    String cast = type.equals("text") ? "" : "::" + type;
                    return form.apply(field, "r.f" + i + cast);
                })
                .collect(Collectors.joining());
    }

    private static String columnDefinition(Field field) {
        return column(field) + " " + ColumnType.of(field.type()).ddl();
    }

    private static String column(Field field) {
        return RecordTable.columnName(field.name()).toString();
    }

    /// Whether values of one type stay what they are in a column of the other.
    static boolean sameColumn(FieldType one, FieldType other) {
        return ColumnType.of(one).sql().equals(ColumnType.of(other).sql());
    }
}
