package io.headwater.bench.log;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.headwater.bench.load.LogFill;
import io.headwater.bench.load.RawInserts;
import io.headwater.eventstore.EventLogSchema;
import io.headwater.local.LocalCluster;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;
import org.flywaydb.core.Flyway;

/// A database of a cluster with an event log in it and, beside the log, the table of the raw
/// inserts.
///
/// @param name of the database
record LogDatabase(LocalCluster cluster, String name) {
    private static final int FILL_CHUNK = 50_000;

    /// Makes a database that is not there yet.
    static LogDatabase create(LocalCluster cluster, String name) throws SQLException {
        return create(cluster, name, "latest");
    }

    /// @param target version of the last migration of the log to run
    static LogDatabase create(LocalCluster cluster, String name, String target)
            throws SQLException {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER headwater_owner");
        }
        return new LogDatabase(cluster, name).migrate(target);
    }

    /// Makes a copy of a database that nobody is connected to.
    LogDatabase copy(String copy) throws SQLException {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE DATABASE " + copy + " TEMPLATE " + name + " OWNER headwater_owner");
        }
        return new LogDatabase(cluster, copy);
    }

    void drop() throws SQLException {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    LogDatabase migrate() throws SQLException {
        return migrate("latest");
    }

    private LogDatabase migrate(String target) throws SQLException {
        Flyway.configure()
                .dataSource(url(), "headwater_owner", cluster.password())
                .schemas(EventLogSchema.SCHEMA)
                .locations(EventLogSchema.MIGRATIONS)
                .target(target)
                .load()
                .migrate();
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(RawInserts.TABLE);
        }
        return this;
    }

    /// Fills an empty log with creations of customers.
    ///
    /// @param progress told how many are in, now and then
    void fill(long events, LongConsumer progress) throws SQLException {
        try (Connection connection = superuser()) {
            LogFill.fill(connection, events, FILL_CHUNK, progress);
            LogFill.settle(connection);
        }
    }

    Connection superuser() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", cluster.password());
    }

    /// A pool as the command service has one, with the role of the command service.
    HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url());
        config.setUsername("headwater_command");
        config.setPassword(cluster.password());
        config.setMaximumPoolSize(16);
        return new HikariDataSource(config);
    }

    String url() {
        String whole = cluster.jdbcUrl();
        return whole.substring(0, whole.lastIndexOf('/') + 1) + name;
    }
}
