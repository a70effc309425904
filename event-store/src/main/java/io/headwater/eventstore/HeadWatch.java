package io.headwater.eventstore;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows when the log has grown: at once where this process appended, within the poll interval
/// where another did. Looks at the database only while somebody listens. Safe for concurrent use.
final class HeadWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HeadWatch.class);

    private final LongSupplier readHead;
    private final long pollNanos;
    private final Executor executor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Object, Runnable> listeners = new ConcurrentHashMap<>();
    private final Thread thread;
    private long head;
    private boolean closed;

    HeadWatch(LongSupplier readHead, Patience patience, Executor executor) {
        this.readHead = readHead;
        this.pollNanos = patience.poll().toNanos();
        this.executor = executor;
        this.thread =
                Thread.ofPlatform().name("event-log-head-watch").daemon().unstarted(this::run);
    }

    /// Calls back whenever the log has grown. The callback runs in a thread of its own; calls may
    /// be merged.
    ///
    /// @return ends it
    Registration listen(Runnable callback) {
        Object key = new Object();
        listeners.put(key, callback);
        lock.lock();
        try {
            if (thread.getState() == Thread.State.NEW && !closed) {
                thread.start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return () -> listeners.remove(key);
    }

    void advance(long newHead) {
        lock.lock();
        try {
            if (newHead <= head) {
                return;
            }
            head = newHead;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.values().forEach(executor::execute);
    }

    private void run() {
        boolean away = false;
        while (awaitListeners()) {
            try {
                advance(readHead.getAsLong());
                away = false;
            } catch (EventLogException e) {
                if (!away) {
                    log.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("cannot see whether the log grows");
                    away = true;
                }
            }
        }
    }

    private boolean awaitListeners() {
        lock.lock();
        try {
            long left = pollNanos;
            while (!closed && (left > 0 || listeners.isEmpty())) {
                if (listeners.isEmpty()) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}
