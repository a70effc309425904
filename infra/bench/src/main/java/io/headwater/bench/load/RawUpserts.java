package io.headwater.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The yardstick of the projection: the same rows into a table with the same columns and indexes,
/// in batches of `INSERT … SELECT FROM unnest … ON CONFLICT DO UPDATE`, each a transaction.
public final class RawUpserts {
    private static final int BATCH = 5_000;

    private final Connection source;
    private final Connection target;
    private final String table;

    /// @param source a connection of a superuser, from which the rows are read while no clock runs
    /// @param target another, to which they are written
    /// @param table with its schema
    public RawUpserts(Connection source, Connection target, String table) {
        this.source = source;
        this.target = target;
        this.table = table;
    }

    /// Copies the first rows of the table, in the order of their positions, into a new one.
    ///
    /// @return rows per second, counting only the time to write and commit
    public double perSecond(long rows) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> types = new ArrayList<>();
        describe(columns, types);
        try (Statement statement = target.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS bench");
            statement.execute("DROP TABLE IF EXISTS bench.record");
            statement.execute("CREATE TABLE bench.record (LIKE " + table + " INCLUDING ALL)");
        }
        source.setAutoCommit(false);
        target.setAutoCommit(false);
        try (Statement read = source.createStatement();
                PreparedStatement upsert = target.prepareStatement(upsert(columns, types))) {
            read.setFetchSize(BATCH);
            long nanos = 0;
            long written = 0;
            String select =
                    columns.stream()
                            .map(column -> column + "::text")
                            .collect(Collectors.joining(", ", "SELECT ", " FROM " + table));
            try (ResultSet found =
                    read.executeQuery(select + " ORDER BY _position LIMIT " + rows)) {
                for (String[][] batch = next(found, columns.size());
                        batch[0].length > 0;
                        batch = next(found, columns.size())) {
                    long begin = System.nanoTime();
                    for (int i = 0; i < batch.length; i++) {
                        upsert.setArray(i + 1, target.createArrayOf("text", batch[i]));
                    }
                    written += upsert.executeUpdate();
                    target.commit();
                    nanos += System.nanoTime() - begin;
                }
            }
            if (written < rows) {
                throw new IllegalStateException(
                        "%s has %,d rows; %,d were asked for".formatted(table, written, rows));
            }
            return written / (nanos / 1e9);
        } finally {
            source.rollback();
            source.setAutoCommit(true);
            target.setAutoCommit(true);
        }
    }

    private void describe(List<String> columns, List<String> types) throws SQLException {
        String query =
                """
                SELECT quote_ident(attname), format_type(atttypid, atttypmod)
                  FROM pg_attribute
                 WHERE attrelid = ?::regclass
                   AND attnum > 0
                   AND NOT attisdropped
                 ORDER BY attnum
                """;
        try (PreparedStatement statement = source.prepareStatement(query)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                    types.add(rows.getString(2));
                }
            }
        }
    }

    private static String upsert(List<String> columns, List<String> types) {
        List<String> casts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            casts.add(columns.get(i) + "::" + types.get(i));
        }
        return """
        INSERT INTO bench.record (%1$s)
        SELECT %2$s
          FROM unnest(%3$s) AS new (%1$s)
        ON CONFLICT (_id) DO UPDATE SET %4$s
        """
                .formatted(
                        String.join(", ", columns),
                        String.join(", ", casts),
                        columns.stream().map(c -> "?::text[]").collect(Collectors.joining(", ")),
                        columns.stream()
                                .filter(column -> !column.equals("_id"))
                                .map(column -> column + " = excluded." + column)
                                .collect(Collectors.joining(", ")));
    }

    private static String[][] next(ResultSet rows, int columns) throws SQLException {
        List<String[]> read = new ArrayList<>(BATCH);
        while (read.size() < BATCH && rows.next()) {
            String[] row = new String[columns];
            for (int i = 0; i < columns; i++) {
                row[i] = rows.getString(i + 1);
            }
            read.add(row);
        }
        String[][] byColumn = new String[columns][read.size()];
        for (int r = 0; r < read.size(); r++) {
            for (int c = 0; c < columns; c++) {
                byColumn[c][r] = read.get(r)[c];
            }
        }
        return byColumn;
    }
}
