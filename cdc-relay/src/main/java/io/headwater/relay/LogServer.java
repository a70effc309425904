package io.headwater.relay;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PgConnection;

/// How to reach the PostgreSQL server that holds the log: the primary, wherever it is now. Safe for
/// concurrent use.
final class LogServer {
    private static final String APPLICATION = "headwater-relay";

    private final RelayProperties.Log log;

    LogServer(RelayProperties.Log log) {
        this.log = log;
    }

    /// The host that is primary now, and everything else that a client needs.
    ///
    /// @param options what the JDBC URL says beside host, port and database
    record Address(
            String host,
            int port,
            String database,
            String user,
            String password,
            Map<String, String> options) {}

    /// A connection to the primary; the caller closes it. A statement on it ends after 30 s at the
    /// latest.
    ///
    /// @throws Obstacle if no primary can be reached
    Connection connect() {
        var properties = new Properties();
        PGProperty.USER.set(properties, log.user());
        PGProperty.PASSWORD.set(properties, log.password());
        PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
        PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
        PGProperty.CONNECT_TIMEOUT.set(properties, 5);
        PGProperty.SOCKET_TIMEOUT.set(properties, 30);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // a cursor over rows of any size stays within memory
        PGProperty.ADAPTIVE_FETCH.set(properties, true);
        PGProperty.ADAPTIVE_FETCH_MINIMUM.set(properties, 16);
        PGProperty.ADAPTIVE_FETCH_MAXIMUM.set(properties, 2_000);
        PGProperty.DEFAULT_ROW_FETCH_SIZE.set(properties, 16);
        PGProperty.MAX_RESULT_BUFFER.set(properties, "32M");
        try {
            return DriverManager.getConnection(log.url(), properties);
        } catch (SQLException e) {
            throw new Obstacle(
                    Obstacle.Kind.LOG_UNREACHABLE,
                    "No primary can be reached at %s as %s: %s"
                            .formatted(log.url(), log.user(), e.getMessage()),
                    e);
        }
    }

    /// A connection for replication commands such as `IDENTIFY_SYSTEM`; the caller closes it.
    Connection connectForReplication(Address address) throws SQLException {
        var properties = new Properties();
        address.options().forEach(properties::setProperty);
        PGProperty.USER.set(properties, log.user());
        PGProperty.PASSWORD.set(properties, log.password());
        PGProperty.APPLICATION_NAME.set(properties, APPLICATION);
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "17");
        PGProperty.CONNECT_TIMEOUT.set(properties, 5);
        PGProperty.SOCKET_TIMEOUT.set(properties, 30);
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s"
                        .formatted(
                                address.host().contains(":")
                                        ? "[" + address.host() + "]"
                                        : address.host(),
                                address.port(),
                                address.database()),
                properties);
    }

    /// Where `primary`, a connection of [#connect], ended up.
    Address addressOf(Connection primary) throws SQLException {
        var host = primary.unwrap(PgConnection.class).getQueryExecutor().getHostSpec();
        var parsed = Driver.parseURL(log.url(), new Properties());
        var options = new TreeMap<String, String>();
        if (parsed != null) {
            for (var name : parsed.stringPropertyNames()) {
                options.put(name, parsed.getProperty(name));
            }
        }
        options.keySet()
                .removeAll(
                        java.util.Set.of(
                                PGProperty.PG_HOST.getName(),
                                PGProperty.PG_PORT.getName(),
                                PGProperty.PG_DBNAME.getName(),
                                PGProperty.USER.getName(),
                                PGProperty.PASSWORD.getName(),
                                PGProperty.TARGET_SERVER_TYPE.getName(),
                                PGProperty.LOAD_BALANCE_HOSTS.getName()));
        return new Address(
                host.getHost(),
                host.getPort(),
                primary.getCatalog(),
                log.user(),
                log.password(),
                options);
    }
}
