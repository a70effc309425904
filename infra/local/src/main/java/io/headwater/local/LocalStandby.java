package io.headwater.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A hot standby that streams from the primary through a physical slot and keeps the primary's
/// failover slots in step. What the primary no longer has it takes from the archive. Safe for
/// concurrent use.
public final class LocalStandby implements LocalPart {
    private static final Duration POLL = Duration.ofMillis(5);

    private final PostgresServer server;
    private final LocalPostgres primary;
    private final Path archive;

    LocalStandby(PostgresServer server, LocalPostgres primary, Path archive) {
        this.server = server;
        this.primary = primary;
        this.archive = archive;
    }

    PostgresServer server() {
        return server;
    }

    @Override
    public String name() {
        return server.name();
    }

    /// Copies the primary's data folder if there is no own one yet. The primary has a data folder
    /// and does not run.
    void init() {
        if (!server.exists()) {
            server.copyFrom(primary.server());
        }
    }

    @Override
    public void start() {
        if (server.isAlive()) {
            return;
        }
        Map<String, String> settings = new HashMap<>(LocalPostgres.shared(server, archive));
        settings.put("cluster_name", "standby");
        settings.put(
                "primary_conninfo",
                "host=127.0.0.1 port=%d user=%s password=%s dbname=%s application_name=standby"
                        .formatted(
                                primary.port(),
                                LocalPostgres.STANDBY_SLOT,
                                primary.password(),
                                LocalPostgres.DATABASE));
        settings.put("primary_slot_name", LocalPostgres.STANDBY_SLOT);
        settings.put(
                "restore_command",
                "test -f \"%1$s/%%f\" && cp \"%1$s/%%f\" \"%%p\"".formatted(primary.archive()));
        server.configure(settings);
        try {
            Path signal = server.folder().resolve("standby.signal");
            if (!Files.exists(signal)) {
                Files.createFile(signal);
            }
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot make the standby's folder: " + broken.getMessage(), broken);
        }
        server.start();
    }

    /// Returns when the standby shows everything that the primary has committed by now.
    ///
    /// @throws LocalFailure if that is not so within `patience`
    public void awaitCaughtUp(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Connection source = primary.superuser();
                Connection here = superuser()) {
            String target = one(source, "SELECT pg_current_wal_insert_lsn()::text");
            String query = "SELECT (pg_last_wal_replay_lsn() >= '" + target + "'::pg_lsn)::text";
            while (!"true".equals(one(here, query))) {
                if (System.nanoTime() > deadline) {
                    throw new LocalFailure(
                            "The standby did not reach " + target + " within " + patience + ".");
                }
                Pause.of(POLL);
            }
        } catch (SQLException broken) {
            throw new LocalFailure(
                    "Cannot see how far the standby is: " + broken.getMessage(), broken);
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    public int port() {
        return server.port();
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + LocalPostgres.DATABASE;
    }

    /// A connection as the superuser `postgres` to the database `headwater`, read only; the caller
    /// closes it.
    public Connection superuser() throws SQLException {
        return LocalPostgres.connect(jdbcUrl(), "postgres", primary.password());
    }

    @Override
    public void stop() {
        server.stop();
    }

    /// Ends it without a restart point; the next start recovers from the WAL.
    public void stopImmediately() {
        server.stopImmediately();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public boolean isAlive() {
        return server.isAlive();
    }
}
