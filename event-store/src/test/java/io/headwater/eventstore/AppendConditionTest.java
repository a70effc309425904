package io.headwater.eventstore;

import static io.headwater.eventstore.Events.always;
import static io.headwater.eventstore.Events.append;
import static io.headwater.eventstore.Events.event;
import static io.headwater.eventstore.Events.unless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.eventstore.EventLogException.Conflict;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendConditionTest {

    private static TestDatabase database;
    private static EventLog log;

    @BeforeAll
    static void open() throws SQLException {
        database = TestDatabase.create();
        log = new EventLog(database.appender());
    }

    @AfterAll
    static void close() {
        log.close();
        database.close();
    }

    @Test
    void anEventAfterTheMarkerRefuses() {
        String tag = "k=" + UUID.randomUUID();
        long before = log.head();
        Appended first = append(log, always(event("Made", tag, "other=1")));
        assertThat(first).isEqualTo(new Appended(before + 1, before + 1));

        refuses(before, Criterion.tagged(tag));
        refuses(before, Criterion.tagged(tag, "other=1"));
        refuses(before, new Criterion(Set.of("Made", "Unmade"), Set.of(tag)));
        refuses(before, Criterion.ofType("Made"));
        refuses(before, Criterion.everyEvent());
    }

    @Test
    void anEventThatDoesNotMatchAllDoesNotRefuse() {
        String tag = "k=" + UUID.randomUUID();
        Appended first = append(log, always(event("Made", tag, "other=1")));

        allows(first.first() - 1, Criterion.tagged(tag, "other=2"));
        allows(first.first() - 1, new Criterion(Set.of("Unmade"), Set.of(tag)));
        allows(first.first() - 1, Criterion.ofType("Unmade"));
        allows(log.head(), Criterion.tagged(tag));
        allows(log.head(), Criterion.ofType("Made"));
        allows(log.head(), Criterion.everyEvent());
    }

    @Test
    void anyOfSeveralCriteriaRefuses() {
        String tag = "k=" + UUID.randomUUID();
        append(log, always(event("Made", tag)));
        AppendCondition condition =
                AppendCondition.noneOf(
                        0,
                        Criterion.tagged("k=none"),
                        Criterion.tagged(tag),
                        Criterion.ofType("None"));

        assertThatThrownBy(() -> append(log, new AppendRequest(List.of(event("Made")), condition)))
                .isInstanceOf(Conflict.class);
    }

    @Test
    void ofAppendsThatWaitTogetherTheFirstWins() {
        String tag = "unique=" + UUID.randomUUID();
        List<CompletableFuture<Appended>> outcomes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            outcomes.add(log.append(unless(0, Criterion.tagged(tag), event("Made", tag))));
        }
        outcomes.forEach(outcome -> outcome.exceptionally(e -> new Appended(0, 0)).join());

        assertThat(outcomes).filteredOn(outcome -> !outcome.isCompletedExceptionally()).hasSize(1);
        assertThat(log.read(List.of(Criterion.tagged(tag)), 0, Long.MAX_VALUE)).hasSize(1);
    }

    /// Appends of random events on random conditions, many at once. The log as it is in the end
    /// says which of them had to be refused: replayed in order, each one that is in it found no
    /// match, and each that is not had found one.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatIsInTheLogIsWhatTheConditionsAllowed(long seed) {
        Random random = new Random(seed);
        List<AppendRequest> requests = new ArrayList<>();
        List<CompletableFuture<Appended>> outcomes = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long after = random.nextInt(4) == 0 ? 0 : Math.max(0, log.head() - random.nextInt(5));
            List<NewEvent> events = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                events.add(event(type(random), tags(seed, random).toArray(String[]::new)));
            }
            List<Criterion> criteria = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                Set<String> types =
                        random.nextBoolean() ? Set.of() : Set.of(type(random), type(random) + "x");
                criteria.add(new Criterion(types, tags(seed, random)));
            }
            AppendRequest request = new AppendRequest(events, new AppendCondition(criteria, after));
            requests.add(request);
            outcomes.add(log.append(request));
        }

        long accepted = 0;
        for (CompletableFuture<Appended> outcome : outcomes) {
            accepted += outcome.handle((appended, refusal) -> refusal == null ? 1 : 0).join();
        }
        assertThat(accepted).isBetween(50L, 950L);

        List<StoredEvent> stored = Events.all(log);
        for (int i = 0; i < requests.size(); i++) {
            AppendRequest request = requests.get(i);
            AppendCondition condition = request.condition();
            if (outcomes.get(i).isCompletedExceptionally()) {
                assertThat(outcomes.get(i).exceptionNow()).isInstanceOf(Conflict.class);
                assertThat(stored.stream().filter(e -> e.position() > condition.after()))
                        .as("refused, so some event matches %s", condition)
                        .anyMatch(e -> matches(condition, e));
            } else {
                Appended place = outcomes.get(i).join();
                assertThat(stored.subList((int) condition.after(), (int) place.first() - 1))
                        .as("accepted, so no event matches %s", condition)
                        .noneMatch(e -> matches(condition, e));
                assertThat(stored.subList((int) place.first() - 1, (int) place.last()))
                        .extracting(StoredEvent::id)
                        .containsExactlyElementsOf(
                                request.events().stream().map(NewEvent::id).toList());
            }
        }
    }

    private static boolean matches(AppendCondition condition, StoredEvent event) {
        return condition.criteria().stream()
                .anyMatch(criterion ->
                        event.tags().containsAll(criterion.tags())
                                && (criterion.types().isEmpty()
                                        || criterion.types().contains(event.type())));
    }

    private static String type(Random random) {
        return "Type" + random.nextInt(4);
    }

    private static Set<String> tags(long seed, Random random) {
        Set<String> tags = new HashSet<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            tags.add("t" + random.nextInt(3) + "=" + seed + "/" + random.nextInt(8));
        }
        return tags;
    }

    private static void refuses(long after, Criterion criterion) {
        assertThatThrownBy(() -> append(log, unless(after, criterion, event("Other"))))
                .as("%s after %d", criterion, after)
                .isInstanceOf(Conflict.class)
                .hasMessageContaining("after position " + after);
    }

    private static void allows(long after, Criterion criterion) {
        assertThat(append(log, unless(after, criterion, event("Other"))).first()).isPositive();
    }
}
