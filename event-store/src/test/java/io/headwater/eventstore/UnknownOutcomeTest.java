package io.headwater.eventstore;

import static io.headwater.eventstore.Events.always;
import static io.headwater.eventstore.Events.append;
import static io.headwater.eventstore.Events.event;
import static io.headwater.eventstore.Events.unless;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.eventstore.CuttingProxy.Cut;
import io.headwater.eventstore.EventLogException.Conflict;
import io.headwater.eventstore.EventLogException.OutcomeUnknown;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnknownOutcomeTest {

    private static final Patience PATIENCE = Patience.defaults().withAnswer(Duration.ofSeconds(4));

    private TestDatabase database;
    private CuttingProxy proxy;
    private HikariDataSource pool;

    @BeforeEach
    void open() throws SQLException, IOException {
        database = TestDatabase.create();
        proxy = new CuttingProxy(database.cluster().primary().port());
        pool =
                database.pool(
                        database.urlOn(proxy.port()) + "?prepareThreshold=0",
                        "headwater_command",
                        4);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        database.close();
    }

    /// With a swallowed COMMIT the old transaction still stands, and holds the lock, until the
    /// server ends it.
    @ParameterizedTest
    @EnumSource(Cut.class)
    void anAppendIsThereOnceWhereverItsCommitWasCut(Cut cut) {
        try (EventLog log = new EventLog(pool, AppendLimits.defaults(), PATIENCE)) {
            append(log, always(event("First")));
            List<UUID> acknowledged = new ArrayList<>();
            for (int i = 0; i < (cut == Cut.COMMIT_IS_SWALLOWED ? 1 : 20); i++) {
                proxy.cutNext(cut);
                NewEvent made = event("Made", "k=" + i);
                Appended place =
                        append(log, unless(0, Criterion.tagged("k=" + i), made, event("MadeToo")));
                assertThat(place).isEqualTo(new Appended(2L * i + 2, 2L * i + 3));
                acknowledged.add(made.id());
                assertThat(proxy.cuts()).isEqualTo(i + 1);
            }

            assertThat(Events.all(log))
                    .filteredOn(e -> e.type().equals("Made"))
                    .extracting(StoredEvent::id)
                    .containsExactlyElementsOf(acknowledged);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Cut.class,
            names = {"BEFORE_COMMIT_IS_FORWARDED", "AFTER_COMMIT_BEFORE_ITS_ANSWER"})
    void eachAppendOfABatchThatWasCutHearsTheTruth(Cut cut) throws SQLException {
        try (EventLog log = new EventLog(pool, AppendLimits.defaults(), PATIENCE)) {
            append(log, always(event("First", "taken=1")));
            CompletableFuture<Appended> free;
            CompletableFuture<Appended> refusedByLog;
            CompletableFuture<Appended> winner;
            CompletableFuture<Appended> refusedByBatch;
            try (var blocker = database.superuser();
                    var statement = blocker.createStatement()) {
                statement.execute("SELECT pg_advisory_lock(" + AppendSql.LOCK + ")");
                var _ = log.append(always(event("Stuck")));
                Awaitility.await().until(() -> log.queued() == 0);
                free = log.append(always(event("Free")));
                refusedByLog = log.append(unless(0, Criterion.tagged("taken=1"), event("Late")));
                winner = log.append(unless(0, Criterion.tagged("u=1"), event("Won", "u=1")));
                refusedByBatch =
                        log.append(unless(0, Criterion.tagged("u=1"), event("Lost", "u=1")));
                proxy.cutNext(cut);
            }

            assertThat(free.join().first()).isPositive();
            assertThat(winner.join().first()).isPositive();
            assertThatThrownBy(refusedByLog::join).hasCauseInstanceOf(Conflict.class);
            assertThatThrownBy(refusedByBatch::join).hasCauseInstanceOf(Conflict.class);
            assertThat(proxy.cuts()).isEqualTo(1);
            assertThat(Events.all(log))
                    .extracting(StoredEvent::type)
                    .containsExactlyInAnyOrder("First", "Stuck", "Free", "Won");
        }
    }

    @Test
    void whileTheDatabaseStaysAwayTheCallerHearsThatNobodyKnows() {
        Patience hasty = PATIENCE.withSettle(Duration.ofMillis(300));
        NewEvent event = event("Made");
        // One connection, so that none is left in the pool to ask over.
        HikariDataSource one =
                database.pool(
                        database.urlOn(proxy.port()) + "?prepareThreshold=0",
                        "headwater_command",
                        1);
        try (EventLog log = new EventLog(one, AppendLimits.defaults(), hasty);
                EventLog reader = new EventLog(database.appender())) {
            append(log, always(event("First")));
            proxy.refuseNewcomers(true);
            proxy.cutNext(Cut.AFTER_COMMIT_BEFORE_ITS_ANSWER);

            assertThatThrownBy(() -> append(log, always(event)))
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasMessageContaining(event.id().toString());

            proxy.refuseNewcomers(false);
            assertThat(append(log, always(event("Next"))).first()).isEqualTo(3);
            assertThat(Events.all(reader)).extracting(StoredEvent::id).contains(event.id());
        }
    }
}
