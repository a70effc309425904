package io.headwater.eventstore.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.EventLogException;
import io.headwater.eventstore.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.conversion.json.JacksonConverter;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotSourcingTest {

    private TestDatabase database;
    private EventLog log;
    private LogStorageEngine engine;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.create();
        log = new EventLog(database.appender());
        engine = new LogStorageEngine(log, new JacksonConverter(), Set.of("record", "unique"));
    }

    @AfterEach
    void close() {
        log.close();
        database.close();
    }

    private record Sourced(List<String> payloads, long marker) {}

    @Test
    void onlyTheNewestEventOfASnapshotTagIsSourced() {
        append("a1", "record=a");
        append("b1", "record=b", "unique=x");
        append("a2", "record=a");

        assertThat(source(criteria("record=a"))).isEqualTo(new Sourced(List.of("a2"), 3));
        assertThat(
                        source(
                                EventCriteria.either(
                                        criteria("record=a"),
                                        criteria("record=b"),
                                        criteria("unique=x"))))
                .as("an event that is the newest of two tags comes once, and oldest first")
                .isEqualTo(new Sourced(List.of("b1", "a2"), 3));
        assertThat(source(criteria("record=none"))).isEqualTo(new Sourced(List.of(), 3));
    }

    @Test
    void otherTagsAreReadInFullAsOfTheSameHead() {
        append("c1", "record=c", "ref=a");
        append("a1", "record=a");
        append("d1", "record=d", "ref=a");
        append("a2", "record=a", "ref=a");
        append("c2", "record=c");

        assertThat(source(criteria("ref=a"))).isEqualTo(new Sourced(List.of("c1", "d1", "a2"), 5));
        assertThat(
                        source(
                                EventCriteria.either(
                                        criteria("record=a"),
                                        criteria("record=c"),
                                        criteria("ref=a"))))
                .isEqualTo(new Sourced(List.of("c1", "d1", "a2", "c2"), 5));
    }

    @Test
    void twoTagsTogetherAreReadInFull() {
        append("1", "record=a", "unique=x");
        append("2", "record=a", "unique=x");
        append("3", "record=a");

        EventCriteria both = EventCriteria.havingTags(Tag.of("record", "a"), Tag.of("unique", "x"));
        assertThat(source(both)).isEqualTo(new Sourced(List.of("1", "2"), 3));
    }

    @Test
    void thousandsOfCriteriaAreSourcedAtOnce() {
        List<EventCriteria> criteria = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            criteria.add(criteria("record=" + i));
        }
        append("7", "record=7");
        append("4999", "record=4999");

        assertThat(source(EventCriteria.either(criteria)))
                .isEqualTo(new Sourced(List.of("7", "4999"), 2));
    }

    @Test
    void aLongHistoryIsReadPageByPage() {
        for (int i = 0; i < 3; i++) {
            engine.appendEvents(
                            AppendCondition.none(),
                            null,
                            Stream.generate(() -> tagged("e", "ref=a"))
                                    .limit(600)
                                    .collect(Collectors.<TaggedEventMessage<?>>toList()))
                    .thenCompose(SnapshotSourcingTest::commitNow)
                    .join();
        }
        assertThat(source(criteria("ref=a")).payloads()).hasSize(1_800);
        assertThat(source(EventCriteria.either(criteria("ref=a"), criteria("record=a"))).payloads())
                .hasSize(1_800);
    }

    @Test
    void theMarkerOfASnapshotGuardsTheAppend() {
        append("a1", "record=a");
        long marker = source(criteria("record=a")).marker();
        append("a2", "record=a");

        AppendCondition stale =
                AppendCondition.withCriteria(criteria("record=a"))
                        .withMarker(new GlobalIndexConsistencyMarker(marker));
        assertThatThrownBy(() -> commit(stale, tagged("a3", "record=a")).join())
                .hasCauseInstanceOf(AppendEventsTransactionRejectedException.class);
    }

    @Test
    void boundsSurfaceAsTheyAre() {
        assertThatThrownBy(() -> commit(AppendCondition.none(), tagged("a\0b", "record=a")).join())
                .hasCauseInstanceOf(EventLogException.UnstorableText.class);
        TaggedEventMessage<EventMessage> notUuid =
                new GenericTaggedEventMessage<>(
                        new GenericEventMessage(
                                "7", new MessageType("Made"), new byte[0], Map.of(), Instant.EPOCH),
                        Set.of());
        assertThatThrownBy(() -> commit(AppendCondition.none(), notUuid).join())
                .hasCauseInstanceOf(EventStoreException.class)
                .hasMessageContaining("must be a UUID");
    }

    @Test
    void metadataComeBackAsTheyWere() {
        Map<String, String> metadata = Map.of("actor", "ad\"a\\😀", "cause", "");
        EventMessage event =
                new GenericEventMessage(
                        UUID.randomUUID().toString(),
                        new MessageType("headwater.Made", "2"),
                        "{}".getBytes(StandardCharsets.UTF_8),
                        metadata,
                        Instant.parse("2026-01-31T10:00:00.123456Z"));
        commit(
                        AppendCondition.none(),
                        new GenericTaggedEventMessage<>(event, Set.of(Tag.of("record", "a"))))
                .join();

        EventMessage stored =
                engine.source(SourcingCondition.conditionFor(criteria("record=a")), null)
                        .first()
                        .asCompletableFuture()
                        .join()
                        .message();
        assertThat(stored.identifier()).isEqualTo(event.identifier());
        assertThat(stored.type()).isEqualTo(event.type());
        assertThat(stored.timestamp()).isEqualTo(event.timestamp());
        assertThat(stored.metadata()).containsExactlyInAnyOrderEntriesOf(metadata);
    }

    @Test
    void axonTakesItsIdentifiersFromHere() {
        List<UUID> ids =
                Stream.generate(() ->
                                UUID.fromString(
                                        IdentifierFactory.getInstance().generateIdentifier()))
                        .limit(10_000)
                        .toList();

        assertThat(IdentifierFactory.getInstance()).isInstanceOf(TimeOrderedIdentifiers.class);
        assertThat(ids).allMatch(id -> id.version() == 7 && id.variant() == 2);
        assertThat(ids.stream().map(UUID::toString)).isSorted().doesNotHaveDuplicates();
        assertThat(ids.getFirst().getMostSignificantBits() >>> 16)
                .isCloseTo(
                        System.currentTimeMillis(),
                        org.assertj.core.api.Assertions.within(60_000L));
    }

    private static EventCriteria criteria(String tag) {
        return EventCriteria.havingTags(tag(tag));
    }

    private static Tag tag(String tag) {
        int end = tag.indexOf('=');
        return Tag.of(tag.substring(0, end), tag.substring(end + 1));
    }

    private static TaggedEventMessage<EventMessage> tagged(String payload, String... tags) {
        EventMessage event =
                new GenericEventMessage(
                        new MessageType("Made"), payload.getBytes(StandardCharsets.UTF_8));
        Set<Tag> all = Stream.of(tags).map(SnapshotSourcingTest::tag).collect(Collectors.toSet());
        return new GenericTaggedEventMessage<>(event, all);
    }

    private void append(String payload, String... tags) {
        commit(AppendCondition.none(), tagged(payload, tags)).join();
    }

    private CompletableFuture<?> commit(
            AppendCondition condition, TaggedEventMessage<EventMessage> event) {
        return engine.appendEvents(condition, null, event)
                .thenCompose(SnapshotSourcingTest::commitNow);
    }

    private Sourced source(EventCriteria criteria) {
        MessageStream<EventMessage> stream =
                engine.source(SourcingCondition.conditionFor(criteria), null);
        List<String> payloads = new ArrayList<>();
        long marker = -1;
        for (Optional<MessageStream.Entry<EventMessage>> next = stream.next();
                next.isPresent();
                next = stream.next()) {
            ConsistencyMarker last = next.get().getResource(ConsistencyMarker.RESOURCE_KEY);
            if (last != null) {
                marker = GlobalIndexConsistencyMarker.position(last);
            } else {
                payloads.add(
                        new String(
                                (byte[]) next.get().message().payload(), StandardCharsets.UTF_8));
            }
        }
        return new Sourced(payloads, marker);
    }

    private static CompletableFuture<?> commitNow(AppendTransaction<?> transaction) {
        return transaction.commit(null);
    }
}
