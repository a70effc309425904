package io.headwater.eventstore.axon;

import io.headwater.eventstore.AppendRequest;
import io.headwater.eventstore.Appended;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.EventLogException.Conflict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;

/// An append that Axon commits or rolls back, once. Nothing reaches the log before the commit.
final class LogAppend implements AppendTransaction<Appended> {

    private final EventLog log;
    private final AppendRequest request;
    private final AppendCondition condition;
    private final AtomicBoolean finished = new AtomicBoolean();

    LogAppend(EventLog log, AppendRequest request, AppendCondition condition) {
        this.log = log;
        this.request = request;
        this.condition = condition;
    }

    @Override
    public CompletableFuture<Appended> commit(@Nullable ProcessingContext context) {
        if (finished.getAndSet(true)) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("This append was committed or rolled back before"));
        }
        CompletableFuture<Appended> outcome = new CompletableFuture<>();
        var _ =
                log.append(request)
                        .whenComplete((appended, refusal) -> {
                            if (refusal == null) {
                                outcome.complete(appended);
                            } else if (refusal instanceof Conflict) {
                                outcome.completeExceptionally(
                                        AppendEventsTransactionRejectedException
                                                .conflictingEventsDetected(
                                                        condition.consistencyMarker()));
                            } else {
                                outcome.completeExceptionally(refusal);
                            }
                        });
        return outcome;
    }

    @Override
    public void rollback(@Nullable ProcessingContext context) {
        finished.set(true);
    }

    @Override
    public CompletableFuture<ConsistencyMarker> afterCommit(
            Appended appended, @Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalIndexConsistencyMarker(appended.last()));
    }
}
