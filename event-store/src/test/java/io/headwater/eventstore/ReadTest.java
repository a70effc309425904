package io.headwater.eventstore;

import static io.headwater.eventstore.Events.always;
import static io.headwater.eventstore.Events.append;
import static io.headwater.eventstore.Events.event;
import static io.headwater.eventstore.Events.withPayload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadTest {

    private TestDatabase database;
    private EventLog log;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.create();
        log = new EventLog(database.appender());
    }

    @AfterEach
    void close() {
        log.close();
        database.close();
    }

    @Test
    void anEmptyLogHasNothingAndAnEpoch() {
        assertThat(log.head()).isZero();
        assertThat(Events.all(log)).isEmpty();
        assertThat(log.newest(List.of(Criterion.tagged("k=1"))).head()).isZero();
        assertThat(log.newest(List.of(Criterion.tagged("k=1"))).events()).isEmpty();
        assertThat(log.epoch()).matches("[0-9a-f]{8}");
        assertThat(log.positionBefore(0)).isZero();
    }

    @Test
    void whatWentInComesOut() {
        String strange =
                "{\"a\":\"' '' \\\\ \\\" \\u0001 \\n\t{},NULL \u00e9 \u4e2d\u6587 \u0645\u0631\u062d\u0628\u0627 \u202e \ud83d\ude00 \ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 \u2028 \uffff $1 ? ?? %s ; --\"}";
        List<String> tags =
                List.of(
                        "null=NULL",
                        "empty=",
                        "q='\"\\{}, ;",
                        "rtl=\u0645\u0631\u062d\u0628\u0627",
                        "emoji=\ud83d\ude00",
                        "a=b=c");
        NewEvent event =
                new NewEvent(
                        UUID.randomUUID(),
                        "Str'ange\ud83d\ude00",
                        "1.0-\u00e9",
                        -1,
                        strange,
                        "{\"m\":\"\\\\'\"}",
                        tags);
        append(log, always(event));
        append(
                log,
                always(new NewEvent(UUID.randomUUID(), "", "", Long.MAX_VALUE, "", "", List.of())));

        List<StoredEvent> stored = Events.all(log);
        assertThat(stored.getFirst())
                .isEqualTo(
                        new StoredEvent(
                                1,
                                event.id(),
                                event.type(),
                                event.version(),
                                -1,
                                strange,
                                event.metadata(),
                                tags));
        assertThat(stored.getLast().atMicros()).isEqualTo(Long.MAX_VALUE);
        for (String tag : tags) {
            assertThat(log.read(List.of(new Criterion(Set.of(event.type()), Set.of(tag))), 0, 9))
                    .hasSize(1);
            assertThat(log.newest(List.of(Criterion.tagged(tag))).events()).hasSize(1);
            assertThatThrownBy(
                            () -> append(log, Events.unless(0, Criterion.tagged(tag), event("A"))))
                    .isInstanceOf(EventLogException.Conflict.class);
        }
        assertThat(log.read(List.of(Criterion.tagged(tags.toArray(String[]::new))), 0, 9))
                .hasSize(1);
    }

    @Test
    void sessionsRunInAnOddTimeZone() throws SQLException {
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('timezone')")) {
            row.next();
            assertThat(row.getString(1)).isNotEqualTo("UTC");
        }
    }

    @Test
    void criteriaSelectAnyOfTypesAndAllOfTags() {
        append(
                log,
                always(event("A", "x=1"), event("B", "x=1", "y=1"), event("A", "y=1"), event("C")));

        assertThat(positions(Criterion.tagged("x=1"))).containsExactly(1L, 2L);
        assertThat(positions(Criterion.tagged("x=1", "y=1"))).containsExactly(2L);
        assertThat(positions(Criterion.ofType("A", "C"))).containsExactly(1L, 3L, 4L);
        assertThat(positions(new Criterion(Set.of("A"), Set.of("y=1")))).containsExactly(3L);
        assertThat(
                        positions(
                                Criterion.tagged("x=1"),
                                Criterion.tagged("y=1"),
                                Criterion.ofType("C")))
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(positions(Criterion.everyEvent(), Criterion.tagged("x=1")))
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(positions(Criterion.tagged("z=1"))).isEmpty();
        assertThat(log.read(List.of(Criterion.tagged("y=1")), 2, 3).toList()).hasSize(1);
    }

    @Test
    void aLongStretchIsReadPageByPage() {
        for (int i = 0; i < 5; i++) {
            append(
                    log,
                    always(
                            IntStream.range(0, 500)
                                    .mapToObj(n -> event("Made", "n=" + n % 2, "k=" + n))
                                    .toArray(NewEvent[]::new)));
        }
        assertThat(
                        log.read(List.of(Criterion.everyEvent()), 0, Long.MAX_VALUE)
                                .map(StoredEvent::position))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 2_500).boxed().toList());
        assertThat(
                        log.read(
                                List.of(Criterion.tagged("n=0"), Criterion.tagged("k=1")),
                                0,
                                Long.MAX_VALUE))
                .hasSize(1_255);
        Page page = log.page(List.of(Criterion.tagged("n=1")), 10, 100, 7);
        assertThat(page.events())
                .extracting(StoredEvent::position)
                .containsExactly(12L, 14L, 16L, 18L, 20L, 22L, 24L);
        assertThat(page.complete()).isFalse();
        assertThat(page.upTo()).isEqualTo(24);
        assertThat(page.head()).isEqualTo(2_500);
        assertThat(log.page(List.of(Criterion.tagged("n=1")), 90, 100, 7))
                .returns(true, Page::complete)
                .returns(100L, Page::upTo);
    }

    @Test
    void aPageOfLargeEventsHasFewer() {
        String large = "x".repeat(3 << 20);
        for (int i = 0; i < 8; i++) {
            append(log, always(withPayload(large)));
        }
        Page page = log.page(List.of(Criterion.tagged("note=1")), 0, Long.MAX_VALUE, 500);
        assertThat(page.events()).hasSize(3);
        assertThat(page.complete()).isFalse();
        assertThat(
                        log.read(List.of(Criterion.everyEvent()), 0, Long.MAX_VALUE)
                                .map(e -> e.payload().length()))
                .hasSize(8)
                .containsOnly(large.length());
    }

    @Test
    void theNewestOfManyCriteriaComesWithTheHeadOfTheSameSnapshot() {
        for (int i = 0; i < 10; i++) {
            append(
                    log,
                    always(
                            IntStream.range(0, 1_000)
                                    .mapToObj(n -> event("Made", "record=" + n, "pair=" + n / 2))
                                    .toArray(NewEvent[]::new)));
        }
        List<Criterion> criteria =
                IntStream.range(0, 1_100)
                        .boxed()
                        .flatMap(n ->
                                java.util.stream.Stream.of(
                                        Criterion.tagged("record=" + n),
                                        Criterion.tagged("pair=" + n / 2),
                                        new Criterion(Set.of("Unmade"), Set.of("record=" + n))))
                        .distinct()
                        .toList();

        Newest newest = log.newest(criteria);

        assertThat(newest.head()).isEqualTo(10_000);
        assertThat(newest.events()).hasSize(1_500);
        assertThat(newest.events().get(Criterion.tagged("record=7")))
                .returns(9_008L, StoredEvent::position);
        assertThat(newest.events().get(Criterion.tagged("pair=3")))
                .returns(9_008L, StoredEvent::position);
        assertThat(newest.events().get(Criterion.tagged("record=6")))
                .returns(9_007L, StoredEvent::position);
        assertThat(log.newest(List.of(Criterion.tagged("record=7", "pair=3"))).events()).hasSize(1);
        assertThat(log.newest(List.of(Criterion.tagged("record=7", "pair=4"))).events()).isEmpty();
        assertThatThrownBy(() -> log.newest(List.of(Criterion.ofType("Made"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFollowerSeesWhatThisAndOtherProcessesAppend() throws Exception {
        try (EventLog other = new EventLog(database.appender());
                Follower follower = log.follow(0, List.of(Criterion.tagged("mine=1")))) {
            assertThat(follower.poll()).isEmpty();
            append(log, always(event("A", "mine=1"), event("A", "mine=2")));
            assertThat(follower.next(Duration.ofSeconds(30)))
                    .extracting(StoredEvent::position)
                    .containsExactly(1L);
            assertThat(follower.position())
                    .as("what does not match is passed over for good")
                    .isEqualTo(2);

            var waiting =
                    java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                        try {
                            return follower.next(Duration.ofSeconds(30));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            append(other, always(event("A", "mine=2"), event("A", "mine=1")));
            assertThat(waiting.get()).extracting(StoredEvent::position).containsExactly(4L);
            assertThat(follower.next(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void growthIsReportedWhoeverAppends() throws SQLException {
        var calls = new java.util.concurrent.atomic.AtomicInteger();
        try (EventLog other = new EventLog(database.appender())) {
            Registration registration = log.onGrowth(calls::incrementAndGet);
            append(other, always(event("A")));
            Awaitility.await().until(() -> calls.get() >= 1);
            registration.end();
        }
    }

    @Test
    void timeIsFoundByPosition() {
        append(log, always(at(10), at(20), at(30), at(25)));
        assertThat(log.positionBefore(5)).isZero();
        assertThat(log.positionBefore(20)).isEqualTo(1);
        assertThat(log.positionBefore(21)).isEqualTo(2);
        assertThat(log.positionBefore(31)).isEqualTo(4);
    }

    private static NewEvent at(long micros) {
        return new NewEvent(UUID.randomUUID(), "A", "1", micros, "{}", "{}", List.of());
    }

    private List<Long> positions(Criterion... criteria) {
        return log.read(List.of(criteria), 0, Long.MAX_VALUE).map(StoredEvent::position).toList();
    }
}
