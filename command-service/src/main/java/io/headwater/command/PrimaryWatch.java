package io.headwater.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows which server is the primary. One thread asks it several times a second; when it does not
/// answer within a second, or is a standby, all hosts are asked until one is the primary
/// ([PrimaryHunt]). Safe for concurrent use.
final class PrimaryWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PrimaryWatch.class);
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final int ANSWER_SECONDS = 1;

    private final PrimaryHosts hosts;
    private final Consumer<Server> onChange;
    private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread thread;
    private @Nullable Server known;
    private @Nullable Server now;
    private @Nullable Connection line;
    private volatile boolean closed;

    /// A server in one life of its process.
    record Server(String host, String started) {}

    /// @param onChange told of each primary that is another than the one before; must not block
    PrimaryWatch(PrimaryHosts hosts, Consumer<Server> onChange) {
        this.hosts = hosts;
        this.onChange = onChange;
        thread = Thread.ofPlatform().name("primary-watch").daemon().start(this::run);
    }

    PrimaryHosts hosts() {
        return hosts;
    }

    /// The primary; null while there is none.
    synchronized @Nullable Server now() {
        return now;
    }

    /// @return null if none was found in time
    synchronized @Nullable Server await(Duration atMost) throws SQLException {
        long until = System.nanoTime() + atMost.toNanos();
        try {
            while (now == null && !closed) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    return null;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while waiting for the primary", "57014", e);
        }
        return now;
    }

    private void run() {
        while (!closed) {
            try {
                if (line == null || !answers(line)) {
                    lose();
                    take(new PrimaryHunt(hosts, ANSWER_SECONDS).find(askers));
                }
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("the look for the primary failed; it is tried again", e);
            }
        }
    }

    private static boolean answers(Connection line) {
        try (var statement = line.createStatement();
                var row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            return row.next() && !row.getBoolean(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private void lose() {
        var lost = line;
        line = null;
        synchronized (this) {
            if (now != null) {
                log.atWarn().addKeyValue("host", now.host()).log("the primary does not answer");
                now = null;
            }
        }
        PrimaryHunt.close(lost);
    }

    private void take(PrimaryHunt.Found found) {
        line = found.line();
        boolean another;
        synchronized (this) {
            another = known != null && !known.equals(found.server());
            known = found.server();
            now = found.server();
            notifyAll();
        }
        if (another) {
            onChange.accept(found.server());
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        askers.shutdownNow();
        synchronized (this) {
            notifyAll();
        }
    }
}
