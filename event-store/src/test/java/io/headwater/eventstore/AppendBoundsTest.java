package io.headwater.eventstore;

import static io.headwater.eventstore.Events.always;
import static io.headwater.eventstore.Events.append;
import static io.headwater.eventstore.Events.event;
import static io.headwater.eventstore.Events.withPayload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.headwater.eventstore.EventLogException.Bound;
import io.headwater.eventstore.EventLogException.Closed;
import io.headwater.eventstore.EventLogException.DuplicateEvent;
import io.headwater.eventstore.EventLogException.QueueFull;
import io.headwater.eventstore.EventLogException.TooLarge;
import io.headwater.eventstore.EventLogException.UnstorableText;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendBoundsTest {

    private static final AppendLimits LIMITS =
            AppendLimits.defaults()
                    .withEventsPerAppend(3)
                    .withBytes(2_000, 4_000, 10_000)
                    .withTagsPerEvent(4)
                    .withCriteriaPerCondition(2)
                    .withQueuedRequests(5);

    private static TestDatabase database;
    private static EventLog log;

    @BeforeAll
    static void open() throws SQLException {
        database = TestDatabase.create();
        log =
                new EventLog(
                        database.appender(),
                        LIMITS,
                        Patience.defaults().withQueue(Duration.ofMillis(100)));
    }

    @AfterAll
    static void close() {
        log.close();
        database.close();
    }

    @Test
    void eventsPerAppend() {
        NewEvent[] four = {event("A"), event("A"), event("A"), event("A")};
        refuses(
                Bound.EVENTS_PER_APPEND,
                "Events in one append: 4, at most 3",
                () -> append(log, always(four)));
    }

    @Test
    void bytesPerEventAreThoseOfUtf8() {
        refuses(
                Bound.BYTES_PER_EVENT,
                "at most 2000",
                () -> append(log, always(withPayload("x".repeat(2_000)))));
        refuses(
                Bound.BYTES_PER_EVENT,
                "at most 2000",
                () -> append(log, always(withPayload("€".repeat(700)))));
        refuses(
                Bound.BYTES_PER_EVENT,
                "at most 2000",
                () -> append(log, always(withPayload("😀".repeat(500)))));
        assertThat(append(log, always(withPayload("😀".repeat(480)))).first()).isPositive();
    }

    @Test
    void bytesPerAppend() {
        NewEvent large = withPayload("x".repeat(1_500));
        NewEvent[] three = {large, withPayload(large.payload()), withPayload(large.payload())};
        refuses(Bound.BYTES_PER_APPEND, "at most 4000", () -> append(log, always(three)));
    }

    @Test
    void tagsPerEventAndBytesOfTagAndType() {
        refuses(
                Bound.TAGS_PER_EVENT,
                "5, at most 4",
                () -> append(log, always(event("A", "a=", "b=", "c=", "d=", "e="))));
        refuses(
                Bound.BYTES_PER_NAME,
                "tag: 1025, at most 1024",
                () -> append(log, always(event("A", "t".repeat(1_025)))));
        refuses(
                Bound.BYTES_PER_NAME,
                "type: 513, at most 512",
                () -> append(log, always(event("A".repeat(513)))));
        assertThat(append(log, always(event("A".repeat(512), "t".repeat(1_024)))).first())
                .isPositive();
    }

    @Test
    void criteriaPerCondition() {
        AppendCondition three =
                AppendCondition.noneOf(
                        0,
                        Criterion.tagged("a=1"),
                        Criterion.tagged("b=1"),
                        Criterion.tagged("c=1"));
        refuses(
                Bound.CRITERIA_PER_CONDITION,
                "3, at most 2",
                () -> append(log, new AppendRequest(List.of(event("A")), three)));
    }

    @Test
    void aFullQueueRefusesAfterItsWait() throws SQLException {
        List<CompletableFuture<Appended>> taken = new ArrayList<>();
        try (Connection blocker = lockHolder()) {
            taken.add(log.append(always(event("Stuck"))));
            Awaitility.await().until(() -> log.queued() == 0);
            IntStream.range(0, 5).forEach(i -> taken.add(log.append(always(event("Waiting")))));

            assertThatThrownBy(() -> append(log, always(event("TooMany"))))
                    .isInstanceOf(QueueFull.class)
                    .hasMessageContaining("5 requests")
                    .hasMessageContaining("100 ms");
        }
        assertThat(taken).allSatisfy(outcome -> assertThat(outcome.join().first()).isPositive());
    }

    @Test
    void theBytesInTheQueueAreBoundedToo() throws SQLException {
        List<CompletableFuture<Appended>> taken = new ArrayList<>();
        try (Connection blocker = lockHolder()) {
            taken.add(log.append(always(event("Stuck"))));
            Awaitility.await().until(() -> log.queued() == 0);
            NewEvent[] large = {withPayload("x".repeat(1_900)), withPayload("x".repeat(1_900))};
            taken.add(log.append(always(large)));
            taken.add(
                    log.append(
                            always(
                                    withPayload("y".repeat(1_900)),
                                    withPayload("y".repeat(1_900)))));

            assertThatThrownBy(() ->
                            append(
                                    log,
                                    always(
                                            withPayload("z".repeat(1_900)),
                                            withPayload("z".repeat(1_900)))))
                    .isInstanceOf(QueueFull.class)
                    .hasMessageContaining("2 requests");
        }
        assertThat(taken).allSatisfy(outcome -> assertThat(outcome.join().first()).isPositive());
    }

    @Test
    void aClosedLogRefusesNewcomersAndFinishesWhatItTook() throws SQLException {
        EventLog closing = new EventLog(database.appender());
        CompletableFuture<Appended> taken;
        CompletableFuture<Void> closed;
        try (Connection blocker = lockHolder()) {
            taken = closing.append(always(event("Taken")));
            closed = CompletableFuture.runAsync(closing::close);
            Awaitility.await()
                    .untilAsserted(() ->
                            assertThatThrownBy(() -> append(closing, always(event("Late"))))
                                    .isInstanceOf(Closed.class));
        }
        closed.join();
        assertThat(taken.join().first()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\uD83D", "\uDE00", "x\uD83Dy", "\uDE00\uD83D"})
    void textThatCannotBeStoredIsRefusedByName(String text) {
        NewEvent plain = event("A");
        List<NewEvent> bad =
                List.of(
                        withPayload(text),
                        event(text),
                        event("A", "tag=" + text),
                        new NewEvent(UUID.randomUUID(), "A", text, 0, "{}", "{}", List.of()),
                        new NewEvent(UUID.randomUUID(), "A", "1", 0, "{}", text, List.of()));
        long head = log.head();

        assertThat(bad)
                .allSatisfy(event ->
                        assertThatThrownBy(() -> append(log, always(plain, event)))
                                .isInstanceOf(UnstorableText.class)
                                .hasMessageMatching(
                                        "The (payload|type|version|metadata|tag).* has .* at index \\d+, which cannot.*"));
        assertThatThrownBy(
                        () -> append(log, Events.unless(0, Criterion.tagged("k=" + text), plain)))
                .isInstanceOf(UnstorableText.class);
        assertThat(log.head()).isEqualTo(head);
    }

    @Test
    void anEventIdIsTakenOnceAndItsNeighboursGoThrough() throws SQLException {
        NewEvent event = event("Once");
        append(log, always(event));
        CompletableFuture<Appended> before;
        CompletableFuture<Appended> again;
        CompletableFuture<Appended> after;
        try (Connection blocker = lockHolder()) {
            var _ = log.append(always(event("Stuck")));
            Awaitility.await().until(() -> log.queued() == 0);
            before = log.append(always(event("Before")));
            again = log.append(always(event("New"), event));
            after = log.append(always(event("After")));
        }
        assertThat(before.join().first()).isPositive();
        assertThat(after.join().first()).isPositive();
        assertThatThrownBy(again::join)
                .cause()
                .isInstanceOf(DuplicateEvent.class)
                .hasMessageContaining(event.id().toString());
    }

    /// Holds the lock of the log until it is closed.
    private static Connection lockHolder() throws SQLException {
        Connection connection = database.superuser();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + AppendSql.LOCK + ")");
        }
        return connection;
    }

    private static void refuses(Bound bound, String message, ThrowingCallable append) {
        long head = log.head();
        assertThatThrownBy(append)
                .hasMessageContaining(message)
                .asInstanceOf(type(TooLarge.class))
                .returns(bound, TooLarge::bound);
        assertThat(log.head()).isEqualTo(head);
    }
}
