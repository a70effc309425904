package io.headwater.command;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// The hosts that a JDBC URL names, one by one.
final class PrimaryHosts {
    private static final int CONNECT_SECONDS = 1;

    private final List<String> hosts;
    private final Properties properties = new Properties();

    /// @throws IllegalArgumentException if the URL is none of PostgreSQL's
    PrimaryHosts(String url, String user, String password) {
        var parsed = Driver.parseURL(url, new Properties());
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "HEADWATER_LOG_URL is no JDBC URL of PostgreSQL: " + url);
        }
        String[] names = split(PGProperty.PG_HOST.getOrDefault(parsed));
        String[] ports = split(PGProperty.PG_PORT.getOrDefault(parsed));
        String database = PGProperty.PG_DBNAME.getOrDefault(parsed);
        var all = new ArrayList<String>();
        for (int i = 0; i < names.length; i++) {
            all.add("jdbc:postgresql://%s:%s/%s".formatted(names[i], ports[i], database));
        }
        hosts = List.copyOf(all);
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.SSL_RESPONSE_TIMEOUT.set(properties, CONNECT_SECONDS * 1_000);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.APPLICATION_NAME.set(properties, "headwater-command");
        properties.putAll(parsed);
        List.of(PGProperty.PG_HOST, PGProperty.PG_PORT, PGProperty.PG_DBNAME)
                .forEach(known -> properties.remove(known.getName()));
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
    }

    private static String[] split(@org.jspecify.annotations.Nullable String list) {
        return list == null ? new String[0] : list.split(",");
    }

    List<String> all() {
        return hosts;
    }

    /// @throws SQLException also where the host is not a primary
    Connection connect(String host) throws SQLException {
        return DriverManager.getConnection(host, properties);
    }

    /// A connection to whatever the host is.
    Connection connectToAny(String host) throws SQLException {
        return DriverManager.getConnection(host, any());
    }

    /// A connection to whatever the host is, of which no answer may take longer.
    Connection connect(String host, int answerSeconds) throws SQLException {
        var hurried = any();
        PGProperty.SOCKET_TIMEOUT.set(hurried, answerSeconds);
        PGProperty.APPLICATION_NAME.set(hurried, "headwater-command-watch");
        return DriverManager.getConnection(host, hurried);
    }

    private Properties any() {
        var any = new Properties();
        any.putAll(properties);
        PGProperty.TARGET_SERVER_TYPE.set(any, "any");
        return any;
    }

    @Override
    public String toString() {
        return String.join(", ", hosts);
    }
}
