package io.headwater.relay;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The queue between the thread that reads the WAL and the one that publishes, at which one can
/// wait for the first event. Debezium bounds it. Safe for concurrent use.
final class ReadEvents implements QueueProvider<DataChangeEvent> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Queue<DataChangeEvent> events = new ArrayDeque<>();

    /// Waits until something is there, and no longer than that.
    void await(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long rest = atMost.toNanos();
            while (events.isEmpty() && rest > 0) {
                rest = arrived.awaitNanos(rest);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void enqueue(DataChangeEvent event) {
        lock.lock();
        try {
            events.add(event);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable DataChangeEvent poll() {
        lock.lock();
        try {
            return events.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int size() {
        lock.lock();
        try {
            return events.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String name() {
        return "headwater";
    }

    @Override
    public void configure(Map<String, ?> configuration) {}
}
