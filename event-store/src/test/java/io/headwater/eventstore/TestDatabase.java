package io.headwater.eventstore;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.headwater.local.LocalCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/// A migrated database of its own on a cluster that all tests share. Sessions run in an odd time
/// zone.
public final class TestDatabase implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final LocalCluster cluster;
    private final String name;
    private final List<HikariDataSource> pools = new ArrayList<>();

    private TestDatabase(LocalCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    public static TestDatabase create() throws SQLException {
        return createOn(SharedCluster.INSTANCE);
    }

    public static TestDatabase createOn(LocalCluster cluster) throws SQLException {
        TestDatabase database = createEmptyOn(cluster);
        database.migrate("latest");
        return database;
    }

    /// A database without the log, to be migrated step by step.
    static TestDatabase createEmpty() throws SQLException {
        return createEmptyOn(SharedCluster.INSTANCE);
    }

    private static TestDatabase createEmptyOn(LocalCluster cluster) throws SQLException {
        TestDatabase database = new TestDatabase(cluster, "log_" + COUNT.incrementAndGet());
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database.name + " OWNER headwater_owner");
            statement.execute(
                    "ALTER DATABASE " + database.name + " SET timezone = 'Pacific/Chatham'");
        }
        return database;
    }

    /// @param target version of the last migration to run, or `latest`
    void migrate(String target) {
        Flyway.configure()
                .dataSource(url(), "headwater_owner", cluster.password())
                .locations(EventLogSchema.MIGRATIONS)
                .schemas(EventLogSchema.SCHEMA)
                .target(target)
                .load()
                .migrate();
    }

    public String url() {
        return urlOn(cluster.primary().port());
    }

    /// The same database through another port, such as a proxy's.
    public String urlOn(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    public String password() {
        return cluster.password();
    }

    public LocalCluster cluster() {
        return cluster;
    }

    /// A pool of the role that the command service uses.
    public HikariDataSource appender() {
        return pool(url(), "headwater_command", 8);
    }

    public HikariDataSource pool(String url, String role, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(role);
        config.setPassword(cluster.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        HikariDataSource pool = new HikariDataSource(config);
        pools.add(pool);
        return pool;
    }

    /// A superuser's connection to this database.
    public Connection superuser() throws SQLException {
        return java.sql.DriverManager.getConnection(url(), "postgres", cluster.password());
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }

    private static final class SharedCluster {
        static final LocalCluster INSTANCE = start();

        private static LocalCluster start() {
            LocalCluster cluster = LocalCluster.builder().inTemporaryFolder().start();
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            return cluster;
        }
    }
}
