package io.headwater.relay;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the log's server each second how far the log is while this relay leads: what the relay
/// cannot know by itself when it does not move. Has a thread and a connection of its own.
final class LogWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private static final String LOOK =
            """
            SELECT coalesce((SELECT max(position) FROM log.event), 0),
                   coalesce((SELECT greatest(0, (extract(epoch FROM clock_timestamp()) * 1000)::bigint - at_micros / 1000)
                               FROM log.event WHERE position = ?), 0),
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), slot.confirmed_flush_lsn), 0)::bigint,
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), slot.restart_lsn), 0)::bigint,
                   pg_current_wal_flush_lsn()::text
              FROM (VALUES (?)) AS wanted (name)
              LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = wanted.name
            """;

    private final LogServer server;
    private final String slot;
    private final RelayState state;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().daemon().name("log-watch").unstarted(task));
    private @Nullable Connection connection;

    LogWatch(LogServer server, String slot, RelayState state) {
        this.server = server;
        this.slot = slot;
        this.state = state;
    }

    void start() {
        var _ =
                clock.scheduleWithFixedDelay(
                        this::tick, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (state.role() != RelayState.Role.LEADING) {
            disconnect();
            return;
        }
        try {
            look();
        } catch (SQLException | RuntimeException e) {
            // Health tells by the age of the last answer; the relay's thread tells why.
            log.debug("the log's server does not answer", e);
            disconnect();
        }
    }

    private void look() throws SQLException {
        var open = connection;
        if (open == null) {
            open = server.connect();
            connection = open;
        }
        try (var statement = open.prepareStatement(LOOK)) {
            statement.setLong(1, state.position() + 1);
            statement.setString(2, slot);
            try (var rows = statement.executeQuery()) {
                rows.next();
                state.seen(
                        new RelayState.LogNumbers(
                                rows.getLong(1),
                                // looked up after the snapshot that shows the head
                                LogSequenceNumber.valueOf(rows.getString(5)),
                                rows.getLong(2),
                                rows.getLong(3),
                                rows.getLong(4),
                                System.nanoTime()));
            }
        }
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("a connection did not close", e);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
