package io.headwater.eventstore;

import static io.headwater.eventstore.Events.append;
import static io.headwater.eventstore.Events.event;
import static io.headwater.eventstore.Events.unless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headwater.eventstore.EventLogException.Unavailable;
import io.headwater.local.LocalCluster;
import io.headwater.local.LocalFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OutageTest {

    @Test
    void aCrashOfThePrimaryUnderLoadIsSlownessAndNothingElse() throws Exception {
        Map<UUID, Appended> acknowledged = new ConcurrentHashMap<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (LocalCluster cluster = LocalCluster.builder().inTemporaryFolder().start();
                TestDatabase database = TestDatabase.createOn(cluster);
                EventLog log = new EventLog(database.appender());
                ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> all =
                    IntStream.range(0, 16)
                            .mapToObj(writer ->
                                    writers.submit(() -> {
                                        while (!stop.get()) {
                                            NewEvent event =
                                                    event(
                                                            "Made",
                                                            "hot=1",
                                                            "k=" + UUID.randomUUID());
                                            Criterion own =
                                                    Criterion.tagged(event.tags().getLast());
                                            acknowledged.put(
                                                    event.id(), append(log, unless(0, own, event)));
                                        }
                                    }))
                            .toList();

            for (int crash = 1; crash <= 4; crash++) {
                int before = acknowledged.size();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> acknowledged.size() > before + 200);
                if (crash % 2 == 0) {
                    cluster.primary().kill();
                } else {
                    cluster.primary().stopImmediately();
                }
                startAgain(cluster);
            }
            int after = acknowledged.size();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> acknowledged.size() > after + 200);
            stop.set(true);
            for (Future<?> one : all) {
                one.get();
            }

            List<StoredEvent> stored = Events.all(log);
            assertThat(stored)
                    .extracting(StoredEvent::position)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, stored.size()).boxed().toList());
            assertThat(stored).extracting(StoredEvent::id).doesNotHaveDuplicates();
            assertThat(stored)
                    .as(
                            "no writer saw an error, so each event in the log was acknowledged, once, at its place")
                    .allSatisfy(event ->
                            assertThat(acknowledged.get(event.id()))
                                    .isEqualTo(new Appended(event.position(), event.position())));
            assertThat(stored).hasSize(acknowledged.size());
        }
    }

    @Test
    void aDatabaseThatStaysAwayIsSaidSoWithinTheBound() throws SQLException {
        Patience hasty =
                Patience.defaults()
                        .withOutage(Duration.ofMillis(200))
                        .withSettle(Duration.ofMillis(200));
        try (LocalCluster cluster = LocalCluster.builder().inTemporaryFolder().start();
                TestDatabase database = TestDatabase.createOn(cluster);
                EventLog log = new EventLog(database.appender(), AppendLimits.defaults(), hasty)) {
            append(log, Events.always(event("Made")));
            cluster.primary().kill();

            assertThatThrownBy(() -> append(log, Events.always(event("Made"))))
                    .isInstanceOfAny(Unavailable.class, EventLogException.OutcomeUnknown.class);
            assertThatThrownBy(() -> append(log, Events.always(event("Made"))))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("Nothing was appended")
                    .hasMessageContaining("200 ms");
            assertThatThrownBy(log::head).isInstanceOf(Unavailable.class);

            startAgain(cluster);
            Awaitility.await()
                    .ignoreExceptions()
                    .until(() -> append(log, Events.always(event("Made"))).first() > 1);
        }
    }

    /// Backends of a postmaster that was killed may hold its shared memory for a moment, and keep a
    /// new one from it.
    private static void startAgain(LocalCluster cluster) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptionsInstanceOf(LocalFailure.class)
                .until(() -> {
                    cluster.primary().start();
                    return true;
                });
    }
}
