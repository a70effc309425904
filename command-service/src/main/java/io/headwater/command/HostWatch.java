package io.headwater.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one host what it is, time and again, on one connection for as long as that holds. To a
/// standby it holds another one ready: a server that has just taken over is busy, and a connection
/// from before is one handshake less to wait for. Each host is asked by itself, so a dead one,
/// whose name or port may take seconds to give up, delays no answer of another.
final class HostWatch implements Runnable, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HostWatch.class);
    private static final int ANSWER_SECONDS = 1;
    private static final Duration BETWEEN_CONNECTS = Duration.ofSeconds(1);
    private static final Duration PRIMARY_EVERY = Duration.ofMillis(250);
    private static final Duration STANDBY_EVERY = Duration.ofSeconds(1);
    private static final Duration HUNTING_EVERY = Duration.ofMillis(100);

    /// So long after a take-over nobody is asked for a connection that is not yet needed.
    private static final Duration CALM = Duration.ofSeconds(5);

    private static final String WHO_IT_IS =
            """
            SELECT pg_is_in_recovery(), pg_postmaster_start_time()::text,
                   CASE WHEN NOT pg_is_in_recovery()
                        THEN ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
                   END
            """;

    private final String host;
    private final PrimaryHosts hosts;
    private final PrimaryWatch watch;
    private @Nullable Connection line;
    private final AtomicReference<@Nullable Connection> ready = new AtomicReference<>();
    private volatile @Nullable Primary primary;
    private volatile boolean closed;

    /// @param timeline of two that take themselves for the primary, the one on the later is
    record Primary(PrimaryWatch.Server server, int timeline) {}

    HostWatch(String host, PrimaryHosts hosts, PrimaryWatch watch) {
        this.host = host;
        this.hosts = hosts;
        this.watch = watch;
    }

    /// What it said last; null unless it is the primary.
    @Nullable Primary primary() {
        return primary;
    }

    /// The connection that was held ready, once; null if there is none.
    @Nullable Connection takeReady() {
        return ready.getAndSet(null);
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                try {
                    look();
                } catch (RuntimeException e) {
                    log.error("the look at {} failed; it is tried again", host, e);
                    drop();
                }
                watch.pause(untilNext());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            drop();
        }
    }

    private void look() {
        var found = ask();
        if (!Objects.equals(found, primary)) {
            primary = found;
            watch.changed();
        }
        if (line != null && found == null && ready.get() == null && watch.isCalm(CALM)) {
            holdReady();
        }
    }

    private Duration untilNext() {
        if (line == null) {
            return BETWEEN_CONNECTS;
        }
        if (primary != null) {
            return PRIMARY_EVERY;
        }
        return watch.now() == null ? HUNTING_EVERY : STANDBY_EVERY;
    }

    private @Nullable Primary ask() {
        try {
            if (line == null) {
                line = hosts.connect(host, ANSWER_SECONDS);
            }
            try (var statement = line.createStatement();
                    var row = statement.executeQuery(WHO_IT_IS)) {
                row.next();
                return row.getBoolean(1)
                        ? null
                        : new Primary(
                                new PrimaryWatch.Server(host, row.getString(2)), row.getInt(3));
            }
        } catch (SQLException e) {
            log.debug("{} does not answer: {}", host, e.getMessage());
            drop();
            return null;
        }
    }

    private void holdReady() {
        try {
            ready.set(hosts.connectToAny(host));
        } catch (SQLException e) {
            log.debug("{} takes no second connection: {}", host, e.getMessage());
        }
    }

    private void drop() {
        abort(line);
        line = null;
        abort(takeReady());
    }

    /// Does not wait: with TLS, to close a connection to a frozen server may take as long as it is
    /// frozen.
    static void abort(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Thread::startVirtualThread);
            } catch (SQLException e) {
                // It is gone either way.
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
