package io.headwater.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.local.LocalCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whatever is killed, frozen or taken away: a consumer that reads committed records finds each
/// position once, in order, with the event that the log has there.
class ExactlyOnceTest {
    private static LocalCluster cluster;
    private static TestLog log;
    private static TestKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.builder().withKafka().start();
        log = new TestLog(cluster);
        kafka = new TestKafka(cluster.bootstrapServers());
        log.migrate();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void kafkaHoldsTheLog() throws Exception {
        try (var relay = RelayProcess.start(cluster)) {
            relay.awaitLeading();
            kafka.awaitUpTo(log.head());
        }
        assertThat(kafka.log()).isEqualTo(log.all());
        assertModelHoldsTheLog();
        assertStatesAreThoseOfTheLog();
    }

    @Test
    void killedAgainAndAgainUnderLoad() throws Exception {
        try (var load = new Load(log)) {
            for (int kill = 0; kill < 6; kill++) {
                try (var relay = RelayProcess.start(cluster)) {
                    // at once and in the middle of the start as well as well under way
                    long until = load.transactions() + ThreadLocalRandom.current().nextLong(50);
                    if (kill > 0) {
                        relay.awaitLeading();
                    }
                    await().atMost(Duration.ofMinutes(4)).until(() -> load.transactions() >= until);
                    relay.kill();
                }
            }
        }
    }

    @Test
    void aFrozenLeaderIsReplacedAndHarmlessWhenItThaws() throws Exception {
        try (var load = new Load(log);
                var frozen = RelayProcess.start(cluster).awaitLeading();
                var twin = RelayProcess.start(cluster).awaitReady()) {
            assertThat(twin.numbers().path("role").asString()).isEqualTo("waiting");
            assertThat(twin.isReady()).as("a twin that waits is ready").isTrue();

            frozen.freeze();
            twin.awaitLeading();
            long before = load.transactions();
            frozen.thaw();

            await().atMost(Duration.ofMinutes(4))
                    .until(() ->
                            frozen.numbers().path("role").asString("").equals("waiting")
                                    && twin.numbers().path("role").asString("").equals("leading")
                                    && load.transactions() > before + 20);
        }
    }

    @Test
    void aTwinTakesOverFromAKilledLeaderByItself() throws Exception {
        try (var leader = RelayProcess.start(cluster).awaitLeading();
                var twin = RelayProcess.start(cluster).awaitReady()) {
            leader.kill();
            log.append(TestLog.some(5));

            twin.awaitLeading();
            kafka.awaitUpTo(log.head());
        }
    }

    @Test
    void theBrokerIsKilledAndComesBack() throws Exception {
        try (var load = new Load(log);
                var relay = RelayProcess.start(cluster).awaitLeading()) {
            cluster.kafka().kill();
            await().atMost(Duration.ofMinutes(4)).until(() -> !relay.isReady());
            assertThat(relay.status("/actuator/health/liveness")).isEqualTo(200);
            cluster.kafka().start();

            relay.awaitLeading();
            long committed = load.transactions();
            await().atMost(Duration.ofMinutes(4)).until(() -> load.transactions() > committed + 5);
        }
    }

    /// Then the broker may forget to write the commit into the topics, and nothing follows that
    /// would settle it. Not each time: it has to die within some milliseconds.
    @Test
    void theBrokerIsKilledRightAfterACommitAndNothingFollows() throws Exception {
        try (var relay = new RelayInProcess(cluster)) {
            relay.start();
            for (int kill = 0; kill < 3; kill++) {
                log.append(TestLog.some(3));
                long head = log.head();
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofMinutes(4))
                        .until(() -> relay.position() >= head);
                cluster.kafka().kill();
                cluster.kafka().start();
                kafka.awaitUpTo(head);
            }
        }
    }

    @Test
    void thePrimaryIsStoppedAtOnceAndComesBack() throws Exception {
        try (var load = new Load(log);
                var relay = RelayProcess.start(cluster).awaitLeading()) {
            for (int stop = 0; stop < 2; stop++) {
                cluster.primary().stopImmediately();
                await().atMost(Duration.ofMinutes(4)).until(() -> !relay.isReady());
                cluster.primary().start();
                long committed = load.transactions();
                await().atMost(Duration.ofMinutes(4))
                        .until(() -> load.transactions() > committed + 5);
                relay.awaitLeading();
            }
        }
    }

    @Test
    void aSlotThatWasDroppedIsMadeAnewAndNothingIsMissed() throws Exception {
        try (var relay = RelayProcess.start(cluster).awaitLeading()) {
            log.append(TestLog.some(10));
            relay.stop();
        }
        log.append(TestLog.some(10));
        log.execute("SELECT pg_drop_replication_slot('headwater_relay')");
        log.append(TestLog.some(10));
    }

    @Test
    void aSlotThatWasMovedOnIsMadeUpForFromTheTable() throws Exception {
        RelayProcess.start(cluster).awaitLeading().stop();
        log.append(TestLog.some(10));
        log.execute("SELECT pg_replication_slot_advance('headwater_relay', pg_current_wal_lsn())");
        try (var relay = RelayProcess.start(cluster).awaitLeading()) {
            log.append(TestLog.some(1));
            kafka.awaitUpTo(log.head());
        }
    }

    @Test
    void aSlotThatWasMovedOnIsMadeUpForEvenIfNothingFollows() throws Exception {
        RelayProcess.start(cluster).awaitLeading().stop();
        log.append(TestLog.some(10));
        log.execute("SELECT pg_replication_slot_advance('headwater_relay', pg_current_wal_lsn())");
    }

    @Test
    void aTransactionOfTenThousandEventsIsCutInTheMiddle() throws Exception {
        var fromTheSlot =
                Map.of("HEADWATER_RELAY_MAX_BATCH", "500", "HEADWATER_RELAY_FAR_BEHIND", "1000000");
        for (long mark : new long[] {1, 3_000, 7_000}) {
            try (var relay = RelayProcess.start(cluster, fromTheSlot, "-Xmx256m")) {
                await().atMost(Duration.ofMinutes(4))
                        .until(() -> relay.output().contains("following the slot"));
                long before = log.head();
                log.append(TestLog.some(10_000));
                await().atMost(Duration.ofMinutes(4))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> relay.numbers().path("position").asLong(0) >= before + mark);
                relay.kill();
                assertThat(relay.output())
                        .contains("following the slot")
                        .doesNotContain("from the table");
            }
        }
    }

    /// All events are of one model: each is in its topic once, and in order within each partition.
    private static void assertModelHoldsTheLog() throws Exception {
        var newest = new HashMap<Integer, Long>();
        var seen = new ArrayList<TestLog.Seen>();
        kafka.each(
                "headwater.records.test",
                record -> {
                    long position = Long.parseLong(TestKafka.header(record, "ce_sequence"));
                    Long before = newest.put(record.partition(), position);
                    assertThat(position).isGreaterThan(before == null ? 0 : before);
                    seen.add(new TestLog.Seen(position, TestKafka.header(record, "ce_id")));
                });
        seen.sort(Comparator.comparingLong(TestLog.Seen::position));
        assertThat(seen).isEqualTo(log.all());
    }

    private static void assertStatesAreThoseOfTheLog() throws Exception {
        var newest = new HashMap<String, String>();
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                """
                                SELECT DISTINCT ON (payload::jsonb ->> 'id') payload::jsonb ->> 'id', id::text
                                  FROM log.event ORDER BY payload::jsonb ->> 'id', position DESC
                                """)) {
            while (rows.next()) {
                newest.put(rows.getString(1), rows.getString(2));
            }
        }
        var states = new HashMap<String, String>();
        kafka.each(
                "headwater.state.test",
                record ->
                        states.put(TestLog.utf8(record.key()), TestKafka.header(record, "ce_id")));
        assertThat(states).isEqualTo(newest);
    }
}
