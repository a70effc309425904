package io.headwater.query.projection;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// What a reader with the role of the queries sees. Safe for concurrent use: each call has a
/// connection of its own.
record ReadModel(String url, String password) {

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "headwater_query", password);
    }

    /// Waits until the checkpoint is there.
    ///
    /// @throws AssertionError which tells the checkpoint, if it does not get there
    void await(long position) {
        try {
            Awaitility.await()
                    .atMost(ProjectionFixture.PATIENCE)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> position() >= position);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("position %d not reached: %s".formatted(position, seen()), e);
        }
    }

    private Object seen() {
        try {
            return rows("SELECT *, clock_timestamp() FROM read.checkpoint");
        } catch (SQLException e) {
            return e;
        }
    }

    long position() throws SQLException {
        return ((Number) one("SELECT position FROM read.checkpoint")).longValue();
    }

    /// The first column of the first row.
    Object one(String query, Object... parameters) throws SQLException {
        var rows = rows(query, parameters);
        if (rows.isEmpty()) {
            throw new IllegalStateException("no row: " + query);
        }
        return rows.getFirst().values().iterator().next();
    }

    /// Rows as maps from column to value, arrays as lists.
    List<Map<String, @Nullable Object>> rows(String query, Object... parameters)
            throws SQLException {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                var found = new ArrayList<Map<String, @Nullable Object>>();
                while (rows.next()) {
                    var row = new LinkedHashMap<String, @Nullable Object>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.put(rows.getMetaData().getColumnName(i), rows.getObject(i));
                    }
                    found.add(row);
                }
                return found;
            }
        }
    }

    /// All that is in the schema but when it was done and by whom: tables by name, their rows in
    /// order.
    Map<String, List<String>> content() throws SQLException {
        var content = new TreeMap<String, List<String>>();
        for (var table :
                rows(
                        """
                        SELECT tablename FROM pg_tables
                         WHERE schemaname = 'read' AND tablename ~ '^(record_|history_|model)'
                        """)) {
            String name = (String) table.get("tablename");
            var lines = new ArrayList<String>();
            for (var row : rows("SELECT t::text FROM read.\"%s\" t ORDER BY 1".formatted(name))) {
                lines.add((String) row.get("t"));
            }
            content.put(name, lines);
        }
        return content;
    }
}
