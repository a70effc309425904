package io.headwater.eventstore;

import io.headwater.eventstore.EventLogException.Closed;
import io.headwater.eventstore.EventLogException.Conflict;
import io.headwater.eventstore.EventLogException.DuplicateEvent;
import io.headwater.eventstore.EventLogException.Failed;
import io.headwater.eventstore.EventLogException.OutcomeUnknown;
import io.headwater.eventstore.EventLogException.Unavailable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of a process that appends: takes what waits in the queue, and puts it into the
/// log in one transaction, over and over.
///
/// A connection lost before COMMIT was sent: nothing is in the log, the batch is tried again. Lost
/// later: the log is asked, over a new connection, whether it has the batch. Whatever the database
/// refuses for good is tried once more, each append on its own, so that one bad append does not
/// take others with it.
final class Appender implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Appender.class);

    private final DataSource database;
    private final AppendQueue queue;
    private final Patience patience;
    private final LongConsumer onAppended;
    private final Executor completions;
    private final Thread thread;

    private long knownHead;
    private @Nullable AppendSession session;
    private volatile @Nullable String epoch;

    /// @param onAppended told the new head after each commit, in the appender's thread; must not
    ///   block
    /// @param completions runs what hangs on the outcome of an append
    Appender(
            DataSource database,
            AppendQueue queue,
            Patience patience,
            LongConsumer onAppended,
            Executor completions) {
        this.database = database;
        this.queue = queue;
        this.patience = patience;
        this.onAppended = onAppended;
        this.completions = completions;
        this.thread = Thread.ofPlatform().name("event-log-appender").daemon().start(this::run);
    }

    /// Epoch of the newest session; null before the first.
    @Nullable String epoch() {
        return epoch;
    }

    private void run() {
        try {
            for (List<PendingAppend> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
                work(batch);
            }
        } catch (InterruptedException e) {
            // Closed while it waited for a database that is away.
        } catch (Throwable e) {
            log.atError().setCause(e).log("appender stopped");
            throw e;
        } finally {
            queue.close();
            refuseTheRest();
            if (session != null) {
                session.close();
            }
        }
    }

    private void refuseTheRest() {
        try {
            for (List<PendingAppend> rest = queue.take(); !rest.isEmpty(); rest = queue.take()) {
                rest.forEach(append -> refuse(append, new Closed()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(List<PendingAppend> batch) throws InterruptedException {
        List<PendingAppend> left = new ArrayList<>(batch);
        try {
            for (long pause = 10; !left.isEmpty(); pause = Math.min(2 * pause, 500)) {
                left = attempt(left);
                if (!left.isEmpty()) {
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            // After a fault in here nobody can say more than this.
            Throwable cause = e;
            left.forEach(append -> refuse(append, new Failed("The appender stopped", cause)));
            throw e;
        }
    }

    /// @return what has no outcome yet and is to be tried again
    private List<PendingAppend> attempt(List<PendingAppend> batch) throws InterruptedException {
        long begin = System.nanoTime();
        boolean contested = BatchSettlement.isContested(batch);
        boolean committing = false;
        BatchSettlement settlement;
        try {
            AppendSession open = session();
            committing = !contested;
            if (contested) {
                settlement = BatchSettlement.ofContested(batch, open.lockAndCheck(batch));
                committing = true;
                open.insertAndCommit(settlement.head(), settlement.accepted());
            } else {
                settlement = BatchSettlement.ofUncontested(batch, open.append(batch));
            }
        } catch (SQLException e) {
            return recover(batch, committing, e);
        } catch (RuntimeException | OutOfMemoryError e) {
            // A fault of ours or of the driver, or a batch too large for this heap: the log must go
            // on.
            return recover(batch, committing, new SQLException(e.toString(), Outage.FAULT, e));
        }
        queue.expectBack(batch.size(), System.nanoTime() - begin);
        conclude(settlement);
        return List.of();
    }

    private List<PendingAppend> recover(
            List<PendingAppend> batch, boolean committing, SQLException e)
            throws InterruptedException {
        if (Outage.passes(e) || !Outage.leftNothing(e)) {
            drop();
        } else {
            abandon();
        }
        return committing && !Outage.leftNothing(e) ? settle(batch, e) : retryOrRefuse(batch, e);
    }

    private List<PendingAppend> retryOrRefuse(List<PendingAppend> batch, SQLException e)
            throws InterruptedException {
        if (Outage.passes(e)) {
            List<PendingAppend> left = new ArrayList<>();
            for (PendingAppend append : batch) {
                if (append.isOverdue()) {
                    refuse(append, new Unavailable("Nothing was appended", patience.outage(), e));
                } else {
                    left.add(append);
                }
            }
            return left;
        }
        if (batch.size() == 1) {
            refuse(batch.getFirst(), reasonFor(batch.getFirst(), e));
            return List.of();
        }
        for (PendingAppend append : batch) {
            work(List.of(append));
        }
        return List.of();
    }

    private static EventLogException reasonFor(PendingAppend append, SQLException e) {
        String message = e.getMessage();
        if ("23505".equals(e.getSQLState())
                && message != null
                && message.contains("event_id_key")) {
            return append.request().events().stream()
                    .map(NewEvent::id)
                    .filter(id -> message.contains(id.toString()))
                    .findFirst()
                    .map(id -> (EventLogException) new DuplicateEvent(id))
                    .orElseGet(() -> new Failed("Nothing was appended", e));
        }
        return new Failed("Nothing was appended", e);
    }

    /// The batch went in one transaction. If any of it is in the log, what is not was refused.
    private List<PendingAppend> settle(List<PendingAppend> batch, SQLException lost)
            throws InterruptedException {
        log.atWarn()
                .setCause(lost)
                .addKeyValue("appends", batch.size())
                .log("lost the answer to a commit");
        List<UUID> ids = batch.stream().map(PendingAppend::firstId).toList();
        long begin = System.nanoTime();
        for (long pause = 10; ; pause = Math.min(2 * pause, 500)) {
            try {
                Map<UUID, Long> found = session().lookUp(ids, knownHead);
                log.atInfo().addKeyValue("committed", !found.isEmpty()).log("commit settled");
                if (found.isEmpty()) {
                    return retryOrRefuse(batch, lost);
                }
                conclude(BatchSettlement.found(batch, found));
                return List.of();
            } catch (SQLException e) {
                drop();
                if (System.nanoTime() - begin > patience.settle().toNanos()) {
                    batch.forEach(append ->
                            refuse(
                                    append,
                                    new OutcomeUnknown(append.firstId(), patience.settle(), lost)));
                    return List.of();
                }
            }
            Thread.sleep(pause);
        }
    }

    private void conclude(BatchSettlement settlement) {
        settlement
                .places()
                .forEach((append, place) ->
                        completions.execute(() -> append.outcome().complete(place)));
        settlement
                .refused()
                .forEach(append -> refuse(append, new Conflict(append.request().condition())));
        knownHead = settlement.newHead();
        onAppended.accept(knownHead);
    }

    private void refuse(PendingAppend append, EventLogException reason) {
        completions.execute(() -> append.outcome().completeExceptionally(reason));
    }

    private AppendSession session() throws SQLException {
        AppendSession open = session;
        if (open == null) {
            open = new AppendSession(database, patience.answer());
            session = open;
            epoch = open.epoch();
        }
        return open;
    }

    private void drop() {
        if (session != null) {
            session.discard();
            session = null;
        }
    }

    /// After the server refused a statement: the transaction is of no use, the connection still is.
    private void abandon() {
        try {
            session().rollback();
        } catch (SQLException e) {
            drop();
        }
    }

    /// Refuses newcomers, finishes what was taken, and refuses what is left after the bound on
    /// outages.
    @Override
    public void close() {
        queue.close();
        try {
            if (!thread.join(patience.outage().plus(patience.answer()))) {
                thread.interrupt();
                thread.join(patience.answer());
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
