package io.headwater.eventstore.axon;

import java.util.concurrent.CompletableFuture;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;

/// An append without events: always goes through and leaves nothing.
final class NothingToAppend implements AppendTransaction<Boolean> {

    @Override
    public CompletableFuture<Boolean> commit(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public void rollback(@Nullable ProcessingContext context) {}

    @Override
    public CompletableFuture<ConsistencyMarker> afterCommit(
            Boolean done, @Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(ConsistencyMarker.ORIGIN);
    }
}
