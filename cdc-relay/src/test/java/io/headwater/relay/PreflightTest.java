package io.headwater.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.local.LocalCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Each thing that can be wrong keeps the relay from being ready, says so in plain words, and once
/// it is put right the relay goes on by itself.
///
/// The loop is the application's own, in this process.
class PreflightTest {
    private static LocalCluster cluster;
    private static TestLog log;
    private static TestKafka kafka;
    private RelayInProcess relay;

    @BeforeAll
    static void startAll() throws Exception {
        cluster = LocalCluster.builder().withKafka().start();
        log = new TestLog(cluster);
        kafka = new TestKafka(cluster.bootstrapServers());
    }

    @AfterAll
    static void stopAll() {
        cluster.close();
    }

    @BeforeEach
    void freshLogAndTopics() throws Exception {
        log.execute("DROP SCHEMA IF EXISTS log CASCADE");
        log.execute("DROP PUBLICATION IF EXISTS headwater");
        log.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'headwater_relay'");
        kafka.deleteTopics();
        log.migrate();
        relay = new RelayInProcess(cluster);
    }

    @AfterEach
    void stopRelay() {
        relay.close();
    }

    @Test
    void aLogThatIsNotMigratedYet() throws Exception {
        log.execute("DROP SCHEMA log CASCADE");
        relay.start();

        refused("LOG_NOT_MIGRATED", "There is no table log.event yet");
        log.execute("DROP PUBLICATION IF EXISTS headwater");
        log.migrate();
        goesOn();
    }

    @Test
    void aMissingPublication() throws Exception {
        log.execute("DROP PUBLICATION headwater");
        relay.start();

        refused("PUBLICATION_MISSING", "CREATE PUBLICATION headwater FOR TABLE log.event");
        log.execute("CREATE PUBLICATION headwater FOR TABLE log.event WITH (publish = 'insert')");
        goesOn();
    }

    @Test
    void aPublicationWithoutTheEvents() throws Exception {
        log.execute("ALTER PUBLICATION headwater DROP TABLE log.event");
        relay.start();

        refused("PUBLICATION_WITHOUT_EVENTS", "does not publish the inserts of log.event");
        log.execute("ALTER PUBLICATION headwater SET TABLE log.event");
        goesOn();
    }

    @Test
    void aRoleThatMayNotReplicate() throws Exception {
        log.execute("ALTER ROLE headwater_relay NOREPLICATION");
        relay.start();

        refused("NO_REPLICATION_RIGHT", "ALTER ROLE headwater_relay REPLICATION");
        log.execute("ALTER ROLE headwater_relay REPLICATION");
        goesOn();
    }

    @Test
    void aRoleThatMayNotReadTheLog() throws Exception {
        log.execute("REVOKE SELECT ON log.event FROM log_relay");
        relay.start();

        refused("NO_SELECT_RIGHT", "GRANT log_relay TO headwater_relay");
        log.execute("GRANT SELECT ON log.event TO log_relay");
        goesOn();
    }

    @Test
    void noFreeReplicationSlot() throws Exception {
        log.execute(
                "SELECT pg_create_physical_replication_slot('taken_' || n) FROM generate_series(1, 10) AS n");
        relay.start();

        refused("NO_FREE_SLOT", "raise max_replication_slots");
        log.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE 'taken_%'");
        goesOn();
    }

    @Test
    void aSlotOfAnotherKind() throws Exception {
        log.execute("SELECT pg_create_physical_replication_slot('headwater_relay')");
        relay.start();

        refused("SLOT_OF_ANOTHER_KIND", "physical slot");
        log.execute("SELECT pg_drop_replication_slot('headwater_relay')");
        goesOn();
    }

    @Test
    void aSlotThatAnotherRoleReads() throws Exception {
        log.execute("SELECT pg_create_logical_replication_slot('headwater_relay', 'pgoutput')");
        try (var _ = new RawReader(cluster, "headwater_relay", "postgres")) {
            relay.start();

            refused("SLOT_BUSY", "user postgres");
        }
        goesOn();
    }

    @Test
    void aServerThatIsNotTheOneKafkaWasFilledFrom() throws Exception {
        place("\"systemId\":\"42\",\"timeline\":1,\"lsn\":\"0/0\"");
        relay.start();

        refused("OTHER_SERVER", "Kafka holds the log of PostgreSQL system 42");
        relay.close();
        relay =
                new RelayInProcess(
                        cluster, Map.of("headwater.relay.adopt-server", systemId() + "/1"));
        relay.start();
        goesOn();
    }

    @Test
    void aServerOnAnOlderTimeline() throws Exception {
        place("\"systemId\":\"%s\",\"timeline\":7,\"lsn\":\"0/0\"".formatted(systemId()));
        relay.start();

        refused("OTHER_TIMELINE", "up to timeline 7, but this server is on timeline 1");
    }

    @Test
    void aPlaceAheadOfTheServersWal() throws Exception {
        place("\"systemId\":\"%s\",\"timeline\":1,\"lsn\":\"FF/0\"".formatted(systemId()));
        relay.start();

        refused("PLACE_AHEAD", "it has forgotten events that Kafka has");
    }

    @Test
    void aLogThatKafkaWasNotFilledFrom() throws Exception {
        log.append(TestLog.some(5));
        relay.start();
        kafka.awaitUpTo(5);
        relay.close();
        var epoch = log.epoch();
        log.execute("DROP SCHEMA log CASCADE");
        log.execute("DROP PUBLICATION IF EXISTS headwater");
        log.migrate();
        log.append(TestLog.some(3));
        relay = new RelayInProcess(cluster);
        relay.start();

        refused("OTHER_HISTORY", "line of life " + epoch + ", which log.epoch does not know");
        log.execute(
                "SET session_replication_role = replica; UPDATE log.epoch SET epoch = '"
                        + epoch
                        + "'");
        refused("OTHER_HISTORY", "at position 5, but log.event has nothing there");
        log.append(TestLog.some(9));
        refused("OTHER_HISTORY", "at position 5, but log.event has event");
        assertThat(kafka.log()).hasSize(5);
    }

    @Test
    void aTopicOfSeveralPartitions() throws Exception {
        try (var admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic("headwater.log", 3, (short) 1))).all().get();
        }
        relay.start();

        refused("TOPIC_UNUSABLE", "headwater.log has 3 partitions");
    }

    @Test
    void aTopicThatForgets() throws Exception {
        try (var admin = kafka.admin()) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("headwater.log", 1, (short) 1)
                                            .configs(Map.of("retention.ms", "86400000"))))
                    .all()
                    .get();
        }
        relay.start();

        refused("TOPIC_UNUSABLE", "retention.ms=86400000");
    }

    @Test
    void moreCopiesThanBrokers() {
        relay.close();
        relay = new RelayInProcess(cluster, Map.of("headwater.kafka.replication-factor", "3"));
        relay.start();

        refused("KAFKA_UNUSABLE", "Kafka has 1 broker(s)");
    }

    @Test
    void kafkaThatIsNotThere() {
        relay.close();
        relay =
                new RelayInProcess(
                        cluster, Map.of("headwater.kafka.bootstrap-servers", "127.0.0.1:1"));
        relay.start();

        refused("KAFKA_UNREACHABLE", "Kafka at 127.0.0.1:1 does not answer");
    }

    @Test
    void aDatabaseThatIsNotThere() {
        relay.close();
        relay =
                new RelayInProcess(
                        cluster,
                        Map.of("headwater.log.url", "jdbc:postgresql://127.0.0.1:1/headwater"));
        relay.start();

        refused("LOG_UNREACHABLE", "No primary can be reached at jdbc:postgresql://127.0.0.1:1/");
    }

    @Test
    void theHostThatIsPrimaryIsFoundAmongSeveral() throws Exception {
        relay.close();
        var url = cluster.jdbcUrl().replace("//", "//127.0.0.1:1,");
        relay = new RelayInProcess(cluster, Map.of("headwater.log.url", url));
        relay.start();

        goesOn();
    }

    @Test
    void aHoleInTheLogStopsTheRelayAndIsNamed() throws Exception {
        relay.start();
        log.append(TestLog.some(10));
        kafka.awaitUpTo(10);
        relay.close();
        log.append(TestLog.some(10));
        log.execute(
                """
                ALTER TABLE log.event DISABLE TRIGGER append_only;
                CREATE TABLE public.removed AS SELECT * FROM log.event WHERE position IN (13, 14);
                DELETE FROM log.event WHERE position IN (13, 14)
                """);
        log.execute("SELECT pg_drop_replication_slot('headwater_relay')");
        relay = new RelayInProcess(cluster);
        relay.start();

        refused("GAP_IN_LOG", "positions 13 to 14 are missing in log.event");
        assertThat(kafka.log()).hasSizeLessThanOrEqualTo(12);
        log.execute(
                "INSERT INTO log.event SELECT * FROM public.removed; DROP TABLE public.removed");
        goesOn();
    }

    @Test
    void anEventThatCannotBeReadStopsTheRelayAndIsNamed() throws Exception {
        relay.start();
        log.append(
                List.of(new TestLog.New("headwater.RecordCreated", "{\"model\":\"test\"}", "{}")));

        refused("UNREADABLE_EVENT", "The event at position 1 ");
    }

    @Test
    void aSlotThatLostItsWalIsMadeAnew() throws Exception {
        relay.start();
        log.append(TestLog.some(3));
        kafka.awaitUpTo(3);
        relay.close();
        log.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'");
        log.execute("ALTER SYSTEM SET wal_keep_size = 0");
        log.execute("SELECT pg_reload_conf()");
        log.append(TestLog.some(3));
        for (int i = 0; i < 3; i++) {
            log.execute("SELECT pg_switch_wal()");
            log.append(TestLog.some(1));
        }
        log.execute("CHECKPOINT");
        log.execute("ALTER SYSTEM RESET ALL");
        log.execute("SELECT pg_reload_conf()");
        assertThat(
                        log.text(
                                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'headwater_relay'"))
                .isEqualTo("lost");
        relay = new RelayInProcess(cluster);
        relay.start();

        goesOn();
    }

    /// What was committed behind it is hidden from consumers, but it is there.
    @Test
    void aTransactionThatSomebodyElseHasOpenOnTheLog() throws Exception {
        relay.start();
        log.append(TestLog.some(3));
        kafka.awaitUpTo(log.head());
        try (var other = kafka.transaction("headwater.log")) {
            log.append(TestLog.some(3));
            await().atMost(Duration.ofMinutes(4)).until(() -> relay.position() == log.head());
            relay.close();
            relay = new RelayInProcess(cluster);
            relay.start();

            refused("KAFKA_UNREACHABLE", "another producer than the relay has a transaction open");
            other.abortTransaction();
        }
        goesOn();
    }

    /// What only the primary has, a failover could forget. The slot's reader is not given it; the
    /// table's reader has to ask.
    @Test
    void aStandbyThatHasNotConfirmedWhatATableTells() throws Exception {
        log.append(TestLog.some(3));
        try (var _ = new StandbyThatIsAway()) {
            relay.start();

            publishesNothingAfter(0);
        }
        goesOn();
    }

    @Test
    void aStandbyThatHasNotConfirmedWhatBridgesTheStartOfTheSlot() throws Exception {
        relay.start();
        log.append(TestLog.some(3));
        kafka.awaitUpTo(log.head());
        relay.close();
        long published = log.head();
        try (var _ = new StandbyThatIsAway()) {
            log.append(TestLog.some(3));
            relay = new RelayInProcess(cluster);
            relay.start();

            publishesNothingAfter(published);
        }
        goesOn();
    }

    private void publishesNothingAfter(long position) {
        await().atMost(Duration.ofMinutes(4)).until(() -> relay.position() == position);
        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(20))
                .until(() -> relay.position() == position);
    }

    /// A standby that a slot is to wait for, and that is not there.
    private static final class StandbyThatIsAway implements AutoCloseable {
        StandbyThatIsAway() throws Exception {
            log.execute("SELECT pg_create_physical_replication_slot('away')");
            waitFor("away");
        }

        @Override
        public void close() throws Exception {
            waitFor("");
            log.execute("SELECT pg_drop_replication_slot('away')");
        }

        private static void waitFor(String slots) throws Exception {
            log.execute("ALTER SYSTEM SET synchronized_standby_slots = '%s'".formatted(slots));
            log.execute("SELECT pg_reload_conf()");
            await().until(() -> log.text("SHOW synchronized_standby_slots").equals(slots));
        }
    }

    private void refused(String kind, String words) {
        var last = new AtomicReference<String>();
        await().atMost(Duration.ofMinutes(4))
                .untilAsserted(() -> {
                    var reason = relay.reason();
                    last.set(reason);
                    assertThat(relay.obstacle()).isEqualTo(kind);
                    assertThat(reason).contains(words);
                });
    }

    private void goesOn() throws Exception {
        log.append(TestLog.some(2));
        await().atMost(Duration.ofMinutes(4))
                .untilAsserted(() -> assertThat(relay.reason()).isEmpty());
        kafka.awaitUpTo(log.head());
        assertThat(kafka.log()).isEqualTo(log.all());
    }

    private void place(String fields) throws Exception {
        relay.start();
        await().atMost(Duration.ofMinutes(4)).until(() -> relay.reason().isEmpty());
        relay.close();
        kafka.put(
                "headwater.relay",
                "headwater_relay",
                "{%s,\"epoch\":\"%s\",\"position\":0}".formatted(fields, log.epoch()));
        relay = new RelayInProcess(cluster);
    }

    private static String systemId() throws Exception {
        return log.text("SELECT system_identifier FROM pg_control_system()");
    }
}
