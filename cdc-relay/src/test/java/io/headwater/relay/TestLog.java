package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// The log on a cluster: its tables made by the real migration, and appended to as the command
/// service does it: under the advisory lock, at head + 1.
final class TestLog {
    private static final Path MIGRATIONS =
            Path.of("../event-store/src/main/resources/db/migration/log");

    private static final String APPEND =
            """
            WITH appended AS (
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags)
                SELECT head.position + row.n, row.id::uuid, row.type, '1',
                       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
                       row.payload, row.metadata,
                       ARRAY['record=' || (row.payload::json ->> 'model') || '/' || coalesce(row.payload::json ->> 'id', '')]
                  FROM (SELECT coalesce(max(position), 0) AS position FROM log.event) AS head,
                       unnest(?::text[], ?::text[], ?::text[], ?::text[]) WITH ORDINALITY
                         AS row (id, type, payload, metadata, n)
                RETURNING tags, position, type)
            INSERT INTO log.event_tag (tag, position, type)
            SELECT tags[1], position, type FROM appended WHERE tags[1] IS NOT NULL
            """;

    private final LocalCluster cluster;

    TestLog(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /// What an event is made of.
    record New(String type, String payload, String metadata) {
        static New created(String model, String id, int size) {
            return new New(
                    "headwater.RecordCreated",
                    "{\"model\":\"%s\",\"modelVersion\":1,\"id\":\"%s\",\"revision\":1,\"fields\":{\"name\":\"%s\"}}"
                            .formatted(model, id, "x".repeat(size)),
                    "{\"actor\":\"ada\",\"cause\":\"c-1\",\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"}");
        }
    }

    void migrate() throws SQLException, IOException {
        try (var owner = connect("headwater_owner");
                var statement = owner.createStatement();
                var files = Files.list(MIGRATIONS)) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS log"); // Flyway would
            for (var file : files.sorted().toList()) {
                statement.execute(Files.readString(file));
            }
        }
    }

    Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(cluster.jdbcUrl(), role, cluster.password());
    }

    /// Appends them in one transaction.
    void append(List<New> events) throws SQLException {
        try (var connection = connect("headwater_command")) {
            append(connection, events);
        }
    }

    static void append(Connection connection, List<New> events) throws SQLException {
        connection.setAutoCommit(false);
        try (var lock = connection.createStatement();
                var statement = connection.prepareStatement(APPEND)) {
            lock.execute("SELECT pg_advisory_xact_lock(4711)");
            var ids =
                    events.stream()
                            .map(event -> UUID.randomUUID().toString())
                            .toArray(String[]::new);
            statement.setArray(1, connection.createArrayOf("text", ids));
            statement.setArray(2, array(connection, events.stream().map(New::type).toList()));
            statement.setArray(3, array(connection, events.stream().map(New::payload).toList()));
            statement.setArray(4, array(connection, events.stream().map(New::metadata).toList()));
            statement.executeUpdate();
        }
        connection.commit();
    }

    /// Leaves the log as a restore to that position does, on a new line of life, without a slot.
    void restoreTo(long position, String newEpoch) throws SQLException {
        execute(
                """
                SET session_replication_role = replica;
                DELETE FROM log.event_tag WHERE position > %1$d;
                DELETE FROM log.event WHERE position > %1$d;
                DELETE FROM log.epoch WHERE after_position > %1$d;
                INSERT INTO log.epoch (epoch, after_position) VALUES ('%2$s', %1$d);
                SELECT pg_drop_replication_slot('headwater_relay')
                """
                        .formatted(position, newEpoch));
    }

    /// Appends many record events at once, each with a payload of about that size.
    void fill(int count, int size) throws SQLException {
        execute(
                """
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags, hash)
                SELECT head.position + n, gen_random_uuid(), 'headwater.RecordCreated', '1',
                       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
                       format('{"model":"test","modelVersion":1,"id":"r%%s","revision":1,"fields":{"name":"%%s"}}',
                              n %% 1000, repeat('x', %d)),
                       '{"actor":"ada"}', ARRAY['record=test/r' || n %% 1000],
                       sha256('') -- the relay does not look at it
                  FROM (SELECT coalesce(max(position), 0) AS position FROM log.event) AS head,
                       generate_series(1, %d) AS n
                """
                        .formatted(size, count));
    }

    private static java.sql.Array array(Connection connection, List<String> values)
            throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }

    /// Some record events of one model.
    static List<New> some(int count) {
        var events = new ArrayList<New>(count);
        for (int i = 0; i < count; i++) {
            events.add(New.created("test", "r" + ThreadLocalRandom.current().nextInt(1_000), 120));
        }
        return events;
    }

    /// Position and id of every event, in order.
    List<Seen> all() throws SQLException {
        var all = new ArrayList<Seen>();
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT position, id::text FROM log.event ORDER BY position")) {
            while (rows.next()) {
                all.add(new Seen(rows.getLong(1), rows.getString(2)));
            }
        }
        return all;
    }

    long head() throws SQLException {
        return number("SELECT coalesce(max(position), 0) FROM log.event");
    }

    String epoch() throws SQLException {
        return text("SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1");
    }

    long number(String query) throws SQLException {
        return Long.parseLong(text(query));
    }

    String text(String query) throws SQLException {
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    void execute(String sql) throws SQLException {
        try (var connection = cluster.superuser();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Position and id of an event.
    record Seen(long position, String id) {}

    static String utf8(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
