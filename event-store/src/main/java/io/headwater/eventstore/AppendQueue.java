package io.headwater.eventstore;

import io.headwater.eventstore.EventLogException.Closed;
import io.headwater.eventstore.EventLogException.QueueFull;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where appends wait for the appender: first in, first out, bounded in number and in bytes. Safe
/// for concurrent use.
///
/// Callers whose append was just answered tend to come back with the next one. Taken at once, they
/// would forever fall into two halves, one in the transaction and one waiting for it, and each
/// transaction would be half as full as it could be. So the appender waits for them, for a quarter
/// of the time that the last transaction took at most; not for few, and not for some time after it
/// waited in vain.
final class AppendQueue {

    private static final long MOST_GATHERING_NANOS = 2_000_000;
    private static final int FEWEST_TO_GATHER = 4;
    private static final int TURNS_TO_SKIP = 16;

    private final AppendLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Condition removed = lock.newCondition();
    private final ArrayDeque<PendingAppend> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean closed;
    private int expected;
    private long gathering;
    private int wanted = 1;
    private int turnsToSkip;

    AppendQueue(AppendLimits limits) {
        this.limits = limits;
    }

    /// Waits for a place, at most `patience`.
    ///
    /// @throws QueueFull if none became free
    /// @throws Closed if the queue is or becomes closed
    void put(PendingAppend append, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (!closed && !hasPlaceFor(append)) {
                if (left <= 0) {
                    throw new QueueFull(patience, waiting.size(), bytes);
                }
                left = removed.awaitNanos(left);
            }
            if (closed) {
                throw new Closed();
            }
            waiting.add(append);
            bytes += append.bytes();
            if (waiting.size() >= wanted) {
                added.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for work and takes as much as one transaction may hold, at least one append.
    ///
    /// @return empty once the queue is closed and drained
    List<PendingAppend> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed) {
                added.await();
            }
            gather();
            List<PendingAppend> batch =
                    new ArrayList<>(Math.min(waiting.size(), limits.requestsPerBatch()));
            long batchBytes = 0;
            while (batch.size() < limits.requestsPerBatch()
                    && !waiting.isEmpty()
                    && (batch.isEmpty()
                            || batchBytes + waiting.peek().bytes() <= limits.bytesPerBatch())) {
                PendingAppend next = waiting.remove();
                batchBytes += next.bytes();
                batch.add(next);
            }
            bytes -= batchBytes;
            removed.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Called by the appender just before it answers: that many callers may come back.
    ///
    /// @param nanos how long the transaction took
    void expectBack(int callers, long nanos) {
        lock.lock();
        try {
            gathering = Math.min(nanos / 4, MOST_GATHERING_NANOS);
            expected = Math.min(waiting.size() + callers, limits.requestsPerBatch());
        } finally {
            lock.unlock();
        }
    }

    private void gather() throws InterruptedException {
        if (expected < FEWEST_TO_GATHER || waiting.size() >= expected) {
            return;
        }
        if (turnsToSkip > 0) {
            turnsToSkip--;
            return;
        }
        wanted = expected;
        long left = gathering;
        while (waiting.size() < expected && !closed && left > 0) {
            left = added.awaitNanos(left);
        }
        turnsToSkip = waiting.size() < expected / 2 ? TURNS_TO_SKIP : 0;
        wanted = 1;
        expected = 0;
    }

    /// Refuses newcomers from now on; what is inside can still be taken.
    void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
            removed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasPlaceFor(PendingAppend append) {
        return waiting.size() < limits.queuedRequests()
                && bytes + append.bytes() <= limits.queuedBytes();
    }
}
