package io.headwater.query.rows;

import io.headwater.contract.ModelName;
import io.headwater.query.tables.HistoryTable;
import io.headwater.query.tables.RecordTable;
import java.util.List;

/// The SQL that makes and fills the table of one model's former states. Tables are named without
/// their schema: the connection's `search_path` says which.
///
/// A state gets there when it ends, so a row is written once, and a record that was never changed
/// has none. Only the row of a deletion is changed: where its record comes again.
///
/// @param columns names of the columns of the fields, quoted
record HistoryLayout(String table, String records, List<String> columns) {
    /// How the key goes on in an index of a field: see [HistoryTable].
    static final String STATE = "\"_id\", \"_until\", \"_position\"";

    private static final String ENVELOPE =
            "\"_id\", \"_revision\", \"_position\", \"_model_version\", \"_created_at\", \"_updated_at\", \"_valid_from\"";

    static HistoryLayout of(ModelName model, List<String> columns) {
        return new HistoryLayout(
                HistoryTable.of(model).name().toString(),
                RecordTable.of(model).name().toString(),
                columns);
    }

    List<String> create() {
        return List.of(
                "CREATE TABLE %s (LIKE %s, \"_until\" bigint NOT NULL, \"_deleted\" boolean NOT NULL, PRIMARY KEY (%s))"
                        .formatted(table, records, STATE),
                // What has ended since a moment, if that is little.
                "CREATE INDEX ON %s (\"_until\")".formatted(table),
                "GRANT SELECT ON %s TO read_reader".formatted(table));
    }

    /// Takes the rows of records over that are about to change or to go. Parameters: ids, their
    /// revisions, and positions of the events that end the states.
    String takeOver() {
        return "INSERT INTO %s (%s, \"_until\", \"_deleted\")\nSELECT %s, r.until, false\n  FROM unnest(?::text[], ?::bigint[], ?::bigint[]) AS r (id, base, until)\n  JOIN %s AS t ON t.\"_id\" = r.id AND t.\"_revision\" = r.base"
                .formatted(table, all(""), all("t."), records);
    }

    /// Adds states that are in no table. Parameters: the arrays of [RecordRows], then positions of
    /// the events that end them, and whether they are deletions. A record that was there before has
    /// the time of its creation in its row, which must still be there.
    ///
    /// @param rows the arrays as a table `r`
    /// @param values of the fields' columns, each after a comma
    String add(String rows, String values) {
        return "INSERT INTO %s (%s, \"_until\", \"_deleted\")\nSELECT r.id, r.revision, r.position, r.version, coalesce(r.created::timestamptz, t.\"_created_at\", r.at::timestamptz), r.at::timestamptz, coalesce(r.valid, r.at)::timestamptz%s, r.until, r.deleted\n  FROM %s\n  LEFT JOIN %s AS t ON t.\"_id\" = r.id AND r.created IS NULL"
                .formatted(table, all(""), values, rows, records);
    }

    /// Ends the deletions of records that come again. Parameters: ids, and positions of the events
    /// that create them.
    String endDeletions() {
        return "UPDATE %s AS t\n   SET \"_until\" = r.until\n  FROM unnest(?::text[], ?::bigint[]) AS r (id, until)\n WHERE t.\"_id\" = r.id AND t.\"_until\" = %d"
                .formatted(table, HistoryTable.OPEN);
    }

    private String all(String alias) {
        StringBuilder names = new StringBuilder(ENVELOPE.replace("\"_", alias + "\"_"));
        columns.forEach(column -> names.append(", ").append(alias).append(column));
        return names.toString();
    }
}
