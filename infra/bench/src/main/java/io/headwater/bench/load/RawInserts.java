package io.headwater.bench.load;

import io.headwater.bench.measure.ClosedLoop;
import io.headwater.eventstore.NewEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/// The yardstick of appends: one row with the bytes of one event into a table with nothing but its
/// primary key, each in a transaction of its own. Auto-commit, so that INSERT and COMMIT share one
/// round trip; the statement is prepared on the server.
public final class RawInserts implements ClosedLoop.Caller {
    public static final String TABLE =
            """
            CREATE SCHEMA IF NOT EXISTS bench;
            CREATE TABLE IF NOT EXISTS bench.event (
                position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                id        uuid   NOT NULL,
                type      text   NOT NULL,
                version   text   NOT NULL,
                at_micros bigint NOT NULL,
                payload   text   NOT NULL,
                metadata  text   NOT NULL,
                tags      text[] NOT NULL)
            """;

    private static final String INSERT =
            """
            INSERT INTO bench.event (id, type, version, at_micros, payload, metadata, tags)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """;

    private final Connection connection;
    private final PreparedStatement insert;

    public RawInserts(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = on");
        }
        this.insert = connection.prepareStatement(INSERT);
        insert.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
    }

    @Override
    public void call() throws SQLException {
        NewEvent event = SampleEvents.created(java.util.List.of());
        insert.setObject(1, event.id());
        insert.setString(2, event.type());
        insert.setString(3, event.version());
        insert.setLong(4, event.atMicros());
        insert.setString(5, event.payload());
        insert.setString(6, event.metadata());
        insert.setArray(7, connection.createArrayOf("text", event.tags().toArray()));
        insert.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        insert.close();
        connection.close();
    }
}
