package io.headwater.query.changes;

import io.headwater.contract.Lines;
import io.headwater.query.log.LogTable;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one reader of new events for all listeners of this instance, at work only while there are
/// some. Rather than leave an event out it stops, and says so.
final class LogTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final int PAGE_BYTES = 1 << 20;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final LogTable log;
    private final ChangeRing ring;
    private final Duration pollInterval;
    private final BooleanSupplier wanted;
    private final Runnable onNews;
    private final Runnable onOtherLog;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    // Of the thread alone.
    private boolean following;
    private boolean failing;

    /// @param wanted whether there is anybody to read for
    /// @param onNews told after the ring was filled or rewound
    /// @param onOtherLog told if the log is not the one it was: nobody can go on
    LogTail(
            LogTable log,
            ChangeRing ring,
            Duration pollInterval,
            BooleanSupplier wanted,
            Runnable onNews,
            Runnable onOtherLog) {
        this.log = log;
        this.ring = ring;
        this.pollInterval = pollInterval;
        this.wanted = wanted;
        this.onNews = onNews;
        this.onOtherLog = onOtherLog;
        this.thread = Thread.ofPlatform().name("changes-tail").daemon().start(this::run);
    }

    /// To be called after that which `wanted` tells may have changed.
    void wantedOrNot() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitWanted()) {
            boolean more = false;
            Duration rest = pollInterval;
            try {
                more = look();
                failing = false;
            } catch (RuntimeException e) {
                rest = AFTER_FAILURE;
                if (!failing) {
                    LOG.atWarn().log("changes cannot be read, listeners wait: {}", e.getMessage());
                }
                failing = true;
            }
            if (!more) {
                pause(rest);
            }
        }
    }

    /// @return whether there is more to be had at once
    private boolean look() {
        if (!following) {
            LogTable.Head head = log.head();
            ring.restart(head.lines(), head.position());
            following = true;
            onNews.run();
        }
        LogTable.Page<LogTable.Event> page = log.events(ring.last(), PAGE_BYTES);
        if (!page.epoch().equals(ring.lines().current())) {
            rewind();
            return false;
        }
        if (page.items().isEmpty()) {
            return false;
        }
        long next = page.items().getFirst().position();
        if (next != ring.last() + 1) {
            throw new IllegalStateException(
                    "Events are missing in the log: after position %d comes %d"
                            .formatted(ring.last(), next));
        }
        Lines lines = ring.lines();
        for (LogTable.Event event : page.items()) {
            ring.add(Change.of(event, lines));
        }
        onNews.run();
        return page.items().getLast().position() < page.head();
    }

    private void rewind() {
        LogTable.Head head = log.head();
        Lines before = ring.lines();
        OptionalLong common = head.lines().commonWith(before.current());
        if (common.isPresent()) {
            if (!head.lines().current().equals(before.current())) {
                LOG.atInfo()
                        .addKeyValue("epoch", head.lines().current())
                        .addKeyValue("position", common.getAsLong())
                        .log("the log was restored");
                ring.restart(head.lines(), Math.min(ring.last(), common.getAsLong()));
                onNews.run();
            }
        } else if (before.commonWith(head.lines().current()).isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("epoch", head.lines().current())
                    .log("this is another log; listeners are closed");
            forget();
            onOtherLog.run();
        } // else a standby has answered that has not come to the restore yet
    }

    /// Nobody must take what is in the ring for news, however long ago it came there.
    private void forget() {
        following = false;
        ring.restart(new Lines(List.of()), 0);
    }

    private boolean awaitWanted() {
        lock.lock();
        try {
            while (!wanted.getAsBoolean() && !closed) {
                forget();
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration pause) {
        lock.lock();
        try {
            long rest = pause.toNanos();
            while (!closed && rest > 0) {
                rest = changed.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
