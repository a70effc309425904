package io.headwater.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// The primary: holds the database `headwater` and the login roles that the services use, all with
/// one password. WAL is written for logical decoding, flushed, and archived. Listens on the
/// loopback only. Safe for concurrent use.
public final class LocalPostgres implements LocalPart {
    /// The database of the platform.
    public static final String DATABASE = "headwater";

    /// The physical replication slot of [LocalStandby].
    static final String STANDBY_SLOT = "headwater_standby";

    private static final Map<String, String> ROLES =
            Map.of(
                    "headwater_owner",
                    "CREATEROLE",
                    "headwater_command",
                    "",
                    "headwater_relay",
                    "REPLICATION",
                    "headwater_projection",
                    "",
                    "headwater_query",
                    "",
                    STANDBY_SLOT,
                    "REPLICATION");

    private final PostgresServer server;
    private final Path archive;
    private final String password;
    private final boolean durable;
    private final boolean hasStandby;

    LocalPostgres(
            PostgresServer server,
            Path archive,
            String password,
            boolean durable,
            boolean hasStandby) {
        this.server = server;
        this.archive = archive;
        this.password = password;
        this.durable = durable;
        this.hasStandby = hasStandby;
    }

    PostgresServer server() {
        return server;
    }

    Path archive() {
        return archive;
    }

    String password() {
        return password;
    }

    @Override
    public String name() {
        return server.name();
    }

    /// Makes the data folder if there is none yet.
    void init() {
        if (!server.exists()) {
            server.init(password, durable);
        }
    }

    @Override
    public void start() {
        if (server.isAlive()) {
            return;
        }
        init();
        server.configure(settings());
        server.start();
        prepare();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(shared(server, archive));
        settings.put("cluster_name", "primary");
        // The relay must not send what a failover to the standby would forget.
        settings.put("synchronized_standby_slots", hasStandby ? STANDBY_SLOT : "");
        return settings;
    }

    /// What primary and standby have in common, since either may become the other.
    static Map<String, String> shared(PostgresServer server, Path archive) {
        server.giveFolder(archive);
        Map<String, String> settings = new HashMap<>();
        settings.put("shared_buffers", "64MB");
        settings.put("max_connections", "200");
        settings.put("jit", "off");
        settings.put("timezone", "UTC");
        settings.put("wal_level", "logical");
        settings.put("max_wal_senders", "10");
        settings.put("max_replication_slots", "10");
        settings.put("max_slot_wal_keep_size", "2GB");
        settings.put("wal_keep_size", "64MB");
        settings.put("hot_standby_feedback", "on");
        settings.put("sync_replication_slots", "on");
        settings.put("wal_receiver_status_interval", "1s");
        settings.put("wal_retrieve_retry_interval", "200ms");
        settings.put("archive_mode", "on");
        if (server.binaries().hasModule("basic_archive")) {
            settings.put("archive_library", "basic_archive");
            settings.put("basic_archive.archive_directory", archive.toString());
        } else {
            settings.put(
                    "archive_command",
                    "test ! -f \"%1$s/%%f\" && cp \"%%p\" \"%1$s/%%f\"".formatted(archive));
        }
        settings.put("log_line_prefix", "%m [%p] %u %a ");
        settings.put("log_timezone", "UTC");
        return settings;
    }

    // Each step looks first whether it is done, so that a start that was killed half way is
    // finished by the next.
    private void prepare() {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> role : new java.util.TreeMap<>(ROLES).entrySet()) {
                if (isMissing(
                        statement,
                        "SELECT 1 FROM pg_roles WHERE rolname = '" + role.getKey() + "'")) {
                    statement.execute(
                            "CREATE ROLE %s LOGIN %s PASSWORD '%s'"
                                    .formatted(
                                            role.getKey(),
                                            role.getValue(),
                                            password.replace("'", "''")));
                }
            }
            for (String grant : GRANTS) {
                statement.execute(grant);
            }
            if (isMissing(
                    statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER headwater_owner");
            }
            if (hasStandby
                    && isMissing(
                            statement,
                            "SELECT 1 FROM pg_replication_slots WHERE slot_name = '"
                                    + STANDBY_SLOT
                                    + "'")) {
                statement.execute(
                        "SELECT pg_create_physical_replication_slot('" + STANDBY_SLOT + "', true)");
            }
        } catch (SQLException broken) {
            throw new LocalFailure("Cannot prepare the database: " + broken.getMessage(), broken);
        }
        try (Connection connection = superuser(DATABASE);
                Statement statement = connection.createStatement()) {
            // A new failover slot is ready on the standby as soon as the standby has seen a
            // snapshot after it.
            statement.execute(
                    "GRANT EXECUTE ON FUNCTION pg_log_standby_snapshot() TO headwater_relay");
        } catch (SQLException broken) {
            throw new LocalFailure("Cannot prepare the database: " + broken.getMessage(), broken);
        }
    }

    /// Whether the standby has been away for so long that the WAL it needs is gone.
    boolean hasLostItsStandby() {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            return !isMissing(
                    statement,
                    "SELECT 1 FROM pg_replication_slots WHERE slot_name = '"
                            + STANDBY_SLOT
                            + "' AND wal_status = 'lost'");
        } catch (SQLException broken) {
            throw new LocalFailure(
                    "Cannot look at the standby's slot: " + broken.getMessage(), broken);
        }
    }

    /// The next start makes a new one.
    void dropStandbySlot() {
        try (Connection connection = superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_drop_replication_slot('" + STANDBY_SLOT + "')");
        } catch (SQLException broken) {
            throw new LocalFailure(
                    "Cannot drop the standby's slot: " + broken.getMessage(), broken);
        }
    }

    private static final List<String> GRANTS =
            List.of(
                    // so that its migrations may hand tables over
                    "GRANT headwater_projection TO headwater_owner",
                    // to see how far replication is
                    "GRANT pg_monitor TO headwater_relay, headwater_query, headwater_projection");

    private static boolean isMissing(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return !rows.next();
        }
    }

    public int port() {
        return server.port();
    }

    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    /// A connection as the superuser `postgres` to the database `headwater`; the caller closes it.
    public Connection superuser() throws SQLException {
        return superuser(DATABASE);
    }

    private Connection superuser(String database) throws SQLException {
        return connect(jdbcUrl(database), "postgres", password);
    }

    static Connection connect(String url, String user, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return DriverManager.getConnection(url, properties);
    }

    @Override
    public void stop() {
        server.stop();
    }

    /// Ends it without a checkpoint, as `pg_ctl stop -m immediate`: the next start recovers from
    /// the WAL.
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
