package io.headwater.eventstore.axon;

import io.headwater.eventstore.AppendRequest;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.Follower;
import io.headwater.eventstore.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.axonframework.common.Registration;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.conversion.Converter;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.ContinuousMessageStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexPosition;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;

/// Axon's storage engine over an [EventLog]. Safe for concurrent use; does not close the log.
///
/// An append that loses a race fails with Axon's `AppendEventsTransactionRejectedException`;
/// whatever else the log refuses surfaces as its own [io.headwater.eventstore.EventLogException].
public final class LogStorageEngine implements EventStorageEngine {

    private final EventLog log;
    private final EventCodec codec;
    private final Set<String> snapshotKeys;

    /// @param converter turns payloads and metadata into JSON, UTF-8, and metadata back
    /// @param snapshotKeys keys of tags whose newest event tells the whole state: a criterion on
    ///   one such tag and no other sources that event only
    public LogStorageEngine(EventLog log, Converter converter, Set<String> snapshotKeys) {
        this.log = log;
        this.codec = new EventCodec(converter);
        this.snapshotKeys = Set.copyOf(snapshotKeys);
    }

    @Override
    public CompletableFuture<AppendTransaction<?>> appendEvents(
            AppendCondition condition,
            @Nullable ProcessingContext context,
            List<TaggedEventMessage<?>> events) {
        if (events.isEmpty()) {
            return CompletableFuture.completedFuture(new NothingToAppend());
        }
        try {
            AppendRequest request =
                    new AppendRequest(codec.toLog(events), codec.condition(condition));
            return CompletableFuture.completedFuture(new LogAppend(log, request, condition));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public MessageStream<EventMessage> source(
            SourcingCondition condition, @Nullable ProcessingContext context) {
        long after = Math.max(0, GlobalIndexPosition.toIndex(condition.start()));
        SourcedEvents sourced =
                SourcedEvents.of(log, codec.criteria(condition.criteria()), after, snapshotKeys);
        Context end =
                Context.with(
                        ConsistencyMarker.RESOURCE_KEY,
                        new GlobalIndexConsistencyMarker(sourced.head()));
        return MessageStream.<StoredEvent, EventMessage>fromStream(
                        sourced.events(), codec::toAxon, LogStorageEngine::placeOf)
                .concatWith(
                        MessageStream.<EventMessage>fromStream(
                                Stream.of(TerminalEventMessage.INSTANCE), e -> end));
    }

    @Override
    public MessageStream<EventMessage> stream(
            StreamingCondition condition, @Nullable ProcessingContext context) {
        TrackingToken token = condition.position();
        long after = token == null ? 0 : Math.max(0, token.position().orElse(0));
        Follower follower = log.follow(after, codec.criteria(condition.criteria()));
        return new ContinuousMessageStream<StoredEvent>(
                last -> follower.poll(),
                event -> new SimpleEntry<>(codec.toAxon(event), placeOf(event)),
                (stream, callback) -> listen(follower, callback));
    }

    private static Registration listen(Follower follower, Runnable callback) {
        follower.onGrowth(callback);
        return () -> {
            follower.close();
            return true;
        };
    }

    private static Context placeOf(StoredEvent event) {
        return TrackingToken.addToContext(
                Context.empty(), new GlobalSequenceTrackingToken(event.position()));
    }

    @Override
    public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(0));
    }

    @Override
    public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(log.head()));
    }

    @Override
    public CompletableFuture<TrackingToken> tokenAt(
            Instant at, @Nullable ProcessingContext context) {
        long position = log.positionBefore(EventCodec.micros(at));
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(position));
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        descriptor.describeProperty("snapshotKeys", snapshotKeys);
    }
}
