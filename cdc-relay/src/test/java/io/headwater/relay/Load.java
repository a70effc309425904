package io.headwater.relay;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Appends transactions of one to a few events, one after the other, until it is closed; goes on
/// after the server was away.
final class Load implements AutoCloseable {
    private final TestLog log;
    private final Thread thread;
    private volatile boolean ending;
    private final AtomicLong transactions = new AtomicLong();

    Load(TestLog log) {
        this.log = log;
        this.thread = Thread.ofPlatform().name("load").start(this::run);
    }

    /// How many transactions have been committed.
    long transactions() {
        return transactions.get();
    }

    private void run() {
        while (!ending) {
            try (var connection = log.connect("headwater_command")) {
                while (!ending) {
                    TestLog.append(
                            connection, TestLog.some(ThreadLocalRandom.current().nextInt(1, 20)));
                    transactions.incrementAndGet();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
            } catch (Exception away) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        thread.join();
    }
}
