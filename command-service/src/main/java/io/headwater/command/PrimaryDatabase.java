package io.headwater.command;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;

/// Connections to the primary, wherever it is now. A caller may wait half a minute in the socket of
/// a server that is dead, frozen or cut off; so [PrimaryWatch] asks the primary several times a
/// second, and once another server has become the primary, whatever is still open to the one before
/// is cut, and whoever waits there goes on at once. Safe for concurrent use.
final class PrimaryDatabase implements DataSource, AutoCloseable {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(PrimaryDatabase.class);

    /// Longest that a caller waits for a primary to be found. Here it is woken by the first; the
    /// pool, whose callers have a patience of their own, sleeps after each failure, ever longer.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PrimaryWatch watch;
    private final Map<Connection, PrimaryWatch.Server> open =
            Collections.synchronizedMap(new WeakHashMap<>());

    PrimaryDatabase(String url, String user, String password) {
        watch = new PrimaryWatch(new PrimaryHosts(url, user, password), this::cutAllBut);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var server = watch.await(PATIENCE);
        if (server == null) {
            throw new SQLTransientConnectionException(
                    "No primary answers at " + watch.hosts(), "08001");
        }
        var ready = watch.takeReady(server);
        var connection = ready != null ? ready : watch.hosts().connect(server.host());
        open.put(connection, server);
        if (!server.equals(watch.now())) {
            // another has taken over while this one was being opened
            cut(connection);
            throw new SQLTransientConnectionException(
                    server.host() + " is no longer the primary", "08001");
        }
        return connection;
    }

    private void cutAllBut(PrimaryWatch.Server primary) {
        List<Connection> stale;
        synchronized (open) {
            stale =
                    open.entrySet().stream()
                            .filter(entry -> !entry.getValue().equals(primary))
                            .map(Map.Entry::getKey)
                            .toList();
        }
        stale.forEach(this::cut);
        log.atInfo()
                .addKeyValue("host", primary.host())
                .addKeyValue("cut", stale.size())
                .log("another server is the primary");
    }

    private void cut(Connection connection) {
        open.remove(connection);
        HostWatch.abort(connection);
    }

    @Override
    public void close() {
        watch.close();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("The user is settled in the configuration");
    }

    @Override
    public PrintWriter getLogWriter() {
        return new PrintWriter(PrintWriter.nullWriter());
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // The driver logs by itself.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // Settled here: see PATIENCE and PrimaryHosts.
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("Logs through SLF4J");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (!isWrapperFor(type)) {
            throw new SQLException("Not a wrapper for " + type);
        }
        return type.cast(this);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
