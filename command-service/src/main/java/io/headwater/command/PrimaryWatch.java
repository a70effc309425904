package io.headwater.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows which server is the primary: each host is asked several times a second ([HostWatch]). One
/// that does not answer within a second is none. Safe for concurrent use.
final class PrimaryWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PrimaryWatch.class);

    private final PrimaryHosts hosts;
    private final Consumer<Server> onChange;
    private final List<HostWatch> watches;
    private final List<Thread> threads;
    private @Nullable Server known;
    private @Nullable Server now;
    private int changes;
    private long changedAt = System.nanoTime();
    private boolean closed;

    /// A server in one life of its process.
    record Server(String host, String started) {}

    /// @param onChange told of each primary that is another than the one before; must not block
    PrimaryWatch(PrimaryHosts hosts, Consumer<Server> onChange) {
        this.hosts = hosts;
        this.onChange = onChange;
        watches = hosts.all().stream().map(host -> new HostWatch(host, hosts, this)).toList();
        threads =
                watches.stream()
                        .map(watch ->
                                Thread.ofPlatform().name("primary-watch").daemon().unstarted(watch))
                        .toList();
        threads.forEach(Thread::start);
    }

    PrimaryHosts hosts() {
        return hosts;
    }

    /// The primary; null while there is none.
    synchronized @Nullable Server now() {
        return now;
    }

    /// A connection to it from before it was the primary; null if there is none, or no longer.
    @Nullable Connection takeReady(Server server) {
        return watches.stream()
                .filter(watch -> {
                    var primary = watch.primary();
                    return primary != null && primary.server().equals(server);
                })
                .map(HostWatch::takeReady)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
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

    /// Waits so long, or until the primary is another or none.
    synchronized void pause(Duration atMost) throws InterruptedException {
        int before = changes;
        long until = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (left > 0 && changes == before && !closed) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
    }

    /// Whether there has been the same primary for so long.
    synchronized boolean isCalm(Duration atLeast) {
        return now != null && System.nanoTime() - changedAt >= atLeast.toNanos();
    }

    /// Takes notice of what a host has become.
    void changed() {
        Server another = take();
        if (another != null) {
            onChange.accept(another);
        }
    }

    /// @return the primary, if it is another than the one before
    private synchronized @Nullable Server take() {
        var primary =
                watches.stream()
                        .map(HostWatch::primary)
                        .filter(Objects::nonNull)
                        .max(Comparator.comparingInt(HostWatch.Primary::timeline))
                        .map(HostWatch.Primary::server)
                        .orElse(null);
        if (Objects.equals(primary, now)) {
            return null;
        }
        if (primary == null) {
            log.atWarn()
                    .addKeyValue("host", Objects.requireNonNull(now).host())
                    .log("the primary does not answer");
        }
        now = primary;
        changes++;
        changedAt = System.nanoTime();
        notifyAll();
        if (primary == null) {
            return null;
        }
        boolean another = known != null && !known.equals(primary);
        known = primary;
        return another ? primary : null;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        watches.forEach(HostWatch::close);
        threads.forEach(Thread::interrupt);
    }
}
