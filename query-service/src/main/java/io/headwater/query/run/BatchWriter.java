package io.headwater.query.run;

import io.headwater.contract.ModelEvent;
import io.headwater.contract.QueryEvent;
import io.headwater.query.rows.EventBatch;
import io.headwater.query.rows.LogRecord;
import io.headwater.query.rows.ModelCatalogue;
import io.headwater.query.rows.QueryRows;
import io.headwater.query.rows.UnappliableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Commits batches, one after the other. A full one is written while the caller reads the next, so
/// that PostgreSQL and we work at the same time; of what is read but not written there is never
/// more than that. Used by one thread.
final class BatchWriter implements AutoCloseable {
    private final ReadTransactions transactions;
    private final ModelCatalogue catalogue;
    private final ModelChange modelChange;
    private final CheckpointTable checkpoint;
    private final ProjectionStatus status;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("projection-writer").factory());
    private @Nullable Future<?> underWay;

    BatchWriter(
            Connection connection,
            CheckpointTable checkpoint,
            ModelCatalogue catalogue,
            ProjectionStatus status) {
        this.transactions = new ReadTransactions(connection, checkpoint);
        this.catalogue = catalogue;
        this.modelChange = new ModelChange(transactions, catalogue);
        this.checkpoint = checkpoint;
        this.status = status;
    }

    /// Commits the batch in the background, once the one before is committed.
    ///
    /// @throws AlarmException if that one has an event that cannot be applied; those before it are
    void begin(EventBatch batch) throws SQLException, LostLeaseException, AlarmException {
        settle();
        underWay =
                thread.submit(() -> {
                    write(batch);
                    return null;
                });
    }

    /// Commits the batch, which may be empty, and what is under way.
    ///
    /// @throws AlarmException if an event cannot be applied; those before it are
    void commit(EventBatch batch) throws SQLException, LostLeaseException, AlarmException {
        settle();
        if (!batch.isEmpty()) {
            write(batch);
        }
    }

    /// Commits an event about a model, and what is under way.
    void commit(ModelEvent event, LogRecord origin)
            throws SQLException, LostLeaseException, AlarmException {
        settle();
        long start = System.nanoTime();
        try {
            modelChange.commit(event, origin);
        } catch (UnappliableException e) {
            throw AlarmException.poison(origin, e);
        }
        status.committed(checkpoint.current(), 1, System.nanoTime() - start);
    }

    /// Commits an event about a named query, and what is under way.
    void commit(QueryEvent event, LogRecord origin)
            throws SQLException, LostLeaseException, AlarmException {
        settle();
        long start = System.nanoTime();
        try {
            transactions.commit(origin, connection -> QueryRows.apply(connection, event, origin));
        } catch (UnappliableException e) {
            throw AlarmException.poison(origin, e);
        }
        status.committed(checkpoint.current(), 1, System.nanoTime() - start);
    }

    private void settle() throws SQLException, LostLeaseException, AlarmException {
        Future<?> before = underWay;
        if (before == null) {
            return;
        }
        underWay = null;
        try {
            before.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a batch was written", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException cause -> throw cause;
                case LostLeaseException cause -> throw cause;
                case AlarmException cause -> throw cause;
                case null, default -> throw new IllegalStateException("a batch failed", e);
            }
        }
    }

    private void write(EventBatch batch) throws SQLException, LostLeaseException, AlarmException {
        long start = System.nanoTime();
        try {
            transactions.commit(batch.last(), batch::write);
            status.committed(checkpoint.current(), batch.size(), System.nanoTime() - start);
        } catch (UnappliableException e) {
            writeOneByOne(batch);
        }
    }

    /// Finds the event that spoils the batch, and applies those before it.
    private void writeOneByOne(EventBatch spoilt)
            throws SQLException, LostLeaseException, AlarmException {
        for (EventBatch.Event event : spoilt.events()) {
            long start = System.nanoTime();
            try {
                var single = new EventBatch(catalogue);
                single.add(event);
                transactions.commit(event.origin(), single::write);
            } catch (UnappliableException e) {
                throw AlarmException.poison(event.origin(), e);
            }
            status.committed(checkpoint.current(), 1, System.nanoTime() - start);
        }
    }

    /// Lets what is under way end, however it ends: the connection is then the caller's alone.
    @Override
    public void close() {
        thread.close();
    }
}
