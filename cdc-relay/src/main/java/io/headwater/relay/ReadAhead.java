package io.headwater.relay;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A range of the table in batches, the next one read while the last is worked on: two batches are
/// in memory at most. Nobody else may use the ledger until this is closed. Used by one thread.
final class ReadAhead implements AutoCloseable {
    private final Ledger ledger;
    private final RelayProperties.Relay settings;
    private final long to;
    private FutureTask<List<StoredEvent>> reading;

    /// Begins to read.
    ///
    /// @param from first position, inclusive
    /// @param to last position, inclusive; not before `from`
    ReadAhead(Ledger ledger, RelayProperties.Relay settings, long from, long to) {
        this.ledger = ledger;
        this.settings = settings;
        this.to = to;
        this.reading = read(from);
    }

    /// The next events; to be called only while there are more.
    ///
    /// @throws Obstacle if a position is missing; names it
    List<StoredEvent> next() throws SQLException, InterruptedException {
        List<StoredEvent> events;
        try {
            events = reading.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
        long next = events.getLast().position() + 1;
        if (next <= to) {
            reading = read(next);
        }
        return events;
    }

    private FutureTask<List<StoredEvent>> read(long from) {
        var task =
                new FutureTask<>(() ->
                        ledger.read(
                                from,
                                to,
                                settings.maxBatch(),
                                settings.maxInFlight().toBytes() / 2));
        Thread.ofPlatform().daemon().name("read-ahead").start(task);
        return task;
    }

    /// Waits until the connection is free again.
    @Override
    public void close() throws InterruptedException {
        try {
            reading.get();
        } catch (ExecutionException e) {
            // whoever wanted these events has met it in next(); nobody else wants them
        }
    }
}
