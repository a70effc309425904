package io.headwater.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One search for the primary. Each host is asked by itself, time and again and on one connection
/// for as long as that holds: so a dead one, whose name or port may take seconds to give up, delays
/// no answer of another, and standbys that are about to take over are not kept busy with
/// handshakes.
final class PrimaryHunt {
    private static final Logger log = LoggerFactory.getLogger(PrimaryHunt.class);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

    /// How long others may object once one says that it is the primary: who lives is asked
    /// meanwhile.
    private static final Duration OBJECTIONS = Duration.ofMillis(60);

    private static final String WHO_IT_IS =
            """
            SELECT pg_is_in_recovery(), pg_postmaster_start_time()::text,
                   CASE WHEN NOT pg_is_in_recovery()
                        THEN ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int
                   END
            """;

    private final PrimaryHosts hosts;
    private final int answerSeconds;
    private final List<Found> found = new ArrayList<>();
    private volatile boolean over;

    /// @param line an open connection to it
    record Found(PrimaryWatch.Server server, Connection line, int timeline) {}

    /// @param answerSeconds longest wait for one answer
    PrimaryHunt(PrimaryHosts hosts, int answerSeconds) {
        this.hosts = hosts;
        this.answerSeconds = answerSeconds;
    }

    /// Waits until there is a primary. Of two that take themselves for it the one on the later
    /// timeline is.
    ///
    /// @param askers runs a task for each host at the same time
    Found find(ExecutorService askers) throws InterruptedException {
        for (String host : hosts.all()) {
            askers.execute(() -> askUntilOver(host));
        }
        try {
            return best();
        } finally {
            over = true;
        }
    }

    private synchronized Found best() throws InterruptedException {
        while (found.isEmpty()) {
            wait();
        }
        long until = System.nanoTime() + OBJECTIONS.toNanos();
        long left = OBJECTIONS.toMillis();
        while (left > 0 && found.size() < hosts.all().size()) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
        over = true;
        found.sort(Comparator.comparingInt(Found::timeline));
        var best = found.removeLast();
        found.forEach(other -> close(other.line()));
        return best;
    }

    private synchronized boolean tell(Found primary) {
        if (over) {
            return false;
        }
        found.add(primary);
        notifyAll();
        return true;
    }

    private void askUntilOver(String host) {
        Connection line = null;
        boolean told = false;
        try {
            while (!over && !told) {
                try {
                    if (line == null) {
                        line = hosts.connect(host, answerSeconds);
                    }
                    var primary = ask(host, line);
                    told = primary != null && tell(primary);
                } catch (SQLException e) {
                    log.debug("{} does not answer: {}", host, e.getMessage());
                    close(line);
                    line = null;
                }
                if (!told) {
                    Thread.sleep(BETWEEN_QUESTIONS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!told) {
                close(line);
            }
        }
    }

    /// @return null if it is a standby
    private static @Nullable Found ask(String host, Connection line) throws SQLException {
        try (var statement = line.createStatement();
                var row = statement.executeQuery(WHO_IT_IS)) {
            row.next();
            return row.getBoolean(1)
                    ? null
                    : new Found(
                            new PrimaryWatch.Server(host, row.getString(2)), line, row.getInt(3));
        }
    }

    static void close(@Nullable Connection connection) {
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                // It is gone either way.
            }
        }
    }
}
