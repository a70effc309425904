package io.headwater.bench.load;

import io.headwater.local.LocalCluster;
import io.headwater.local.LocalPlatform;
import io.headwater.local.LocalPlatformBuilder;
import io.headwater.local.LocalService;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/// A running platform with the model of the benchmarks defined in it.
///
/// @param token that may read, write and define models
public record Platform(LocalPlatform local, String token) implements AutoCloseable {
    /// The model of all rows; [LogFill] and [#customer] give records of it.
    public static final String MODEL =
            """
            {"label": "Customer",
             "fields": {"name":  {"type": "text", "required": true, "maxLength": 200},
                        "email": {"type": "text", "pattern": "^[^@]+@[^@]+$"},
                        "city":  {"type": "text"},
                        "limit": {"type": "decimal", "precision": 12, "scale": 2, "min": "0"},
                        "tier":  {"type": "enum", "options": ["basic", "gold"], "default": "basic"},
                        "since": {"type": "date"},
                        "note":  {"type": "text"}}}
            """;

    public static Platform start() throws IOException {
        return start(LocalPlatform.builder().inTemporaryFolder());
    }

    public static Platform start(LocalPlatformBuilder builder) throws IOException {
        LocalPlatform local = builder.start();
        try {
            Platform platform = new Platform(local, local.token("read", "write", "model-admin"));
            try (HttpConnection commands = platform.commands()) {
                commands.send("PUT", "/models/customer", MODEL).expectSuccess();
            }
            return platform;
        } catch (IOException | RuntimeException broken) {
            local.close();
            throw broken;
        }
    }

    public HttpConnection commands() {
        return new HttpConnection(local.command().url(), token);
    }

    public HttpConnection queries() {
        return new HttpConnection(local.query().url(), token);
    }

    /// A connection to the standby, in the role of the query service.
    public Connection standby() throws SQLException {
        LocalCluster cluster = local.cluster();
        return DriverManager.getConnection(
                cluster.standbyJdbcUrl(), "headwater_query", cluster.password());
    }

    /// A record's fields, as a client writes them.
    public static String customer(String email) {
        return "{\"name\":\"Ada Lovelace of Ockham Park\",\"email\":\""
                + email
                + "@example.org\",\"city\":\"London\",\"limit\":\"1250.00\",\"tier\":\"gold\","
                + "\"since\":\"2026-01-31\",\"note\":\"Prefers letters to calls; pays within ten days.\"}";
    }

    /// Waits until the read model, as the standby shows it, has everything that is in the log now.
    public void awaitProjected(Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Connection primary = local.cluster().superuser();
                Connection standby = local.cluster().standby().superuser()) {
            long head = number(primary, "SELECT coalesce(max(position), 0) FROM log.event");
            for (long at = projected(standby); at < head; at = projected(standby)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "The read model came to position %,d of %,d within %d s"
                                    .formatted(at, head, patience.toSeconds()));
                }
                Thread.sleep(50);
            }
        }
    }

    /// Position of the read model; 0 where there is none.
    public static long projected(Connection connection) throws SQLException {
        return number(connection, "SELECT to_regclass('read.checkpoint') IS NOT NULL") == 0
                ? 0
                : number(connection, "SELECT coalesce(max(position), 0) FROM read.checkpoint");
    }

    public static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getObject(1) instanceof Boolean truth ? (truth ? 1 : 0) : row.getLong(1);
        }
    }

    /// Lets the services end in good order first: a flight recording is written at the end of its
    /// JVM.
    @Override
    public void close() {
        List.of(local.command(), local.query(), local.relay()).parallelStream()
                .forEach(LocalService::stop);
        local.close();
    }
}
