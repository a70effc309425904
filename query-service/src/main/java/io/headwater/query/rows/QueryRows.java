package io.headwater.query.rows;

import io.headwater.contract.Json;
import io.headwater.contract.QueryEvent;
import io.headwater.contract.QueryEvent.QueryDefined;
import io.headwater.contract.QueryEvent.QueryRetired;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Writes the tables `query` and `query_version`.
public final class QueryRows {
    private static final String ADD_VERSION =
            """
            INSERT INTO query_version (name, version, definition, position, defined_at)
            VALUES (?, ?, ?::json, ?, ?::timestamptz)
            """;

    private static final String SET_QUERY =
            """
            INSERT INTO query (name, version) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET version = excluded.version, retired_at = NULL
            """;

    private static final String RETIRE =
            """
            UPDATE query SET retired_at = ?::timestamptz WHERE name = ?
            """;

    private QueryRows() {}

    /// Does what the event says, in the connection's transaction.
    ///
    /// @throws UnappliableException if the event does not follow on what is known of the query
    public static void apply(Connection connection, QueryEvent event, LogRecord origin)
            throws SQLException {
        switch (event) {
            case QueryDefined defined -> define(connection, defined, origin);
            case QueryRetired retired -> retire(connection, retired, origin);
        }
    }

    private static void define(Connection connection, QueryDefined event, LogRecord origin)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD_VERSION)) {
            statement.setString(1, event.query().value());
            statement.setInt(2, event.version());
            statement.setString(3, Json.mapper().writeValueAsString(event.definition().toJson()));
            statement.setLong(4, origin.position());
            statement.setString(5, origin.time());
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(SET_QUERY)) {
            statement.setString(1, event.query().value());
            statement.setInt(2, event.version());
            statement.executeUpdate();
        }
    }

    private static void retire(Connection connection, QueryRetired event, LogRecord origin)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RETIRE)) {
            statement.setString(1, origin.time());
            statement.setString(2, event.query().value());
            if (statement.executeUpdate() == 0) {
                throw new UnappliableException("the query " + event.query() + " was never defined");
            }
        }
    }
}
