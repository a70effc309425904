package io.headwater.relay;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.local.LocalCluster;
import io.headwater.relay.TestLog.New;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The way of an event from the log to its topics, with a standby that has to confirm first.
class PathTest {
    private static LocalCluster cluster;
    private static TestLog log;
    private static TestKafka kafka;
    private static RelayProcess relay;

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.builder().withStandby().withKafka().start();
        log = new TestLog(cluster);
        kafka = new TestKafka(cluster.bootstrapServers());
        log.migrate();
        // there before the relay first comes: only the table can tell it of these
        log.append(TestLog.some(25));
        relay = RelayProcess.start(cluster).awaitLeading();
    }

    @AfterAll
    static void stop() {
        relay.close();
        cluster.close();
    }

    @Test
    void everyEventArrivesOnceAndInOrder() throws Exception {
        log.append(TestLog.some(1));
        log.append(TestLog.some(7));
        log.append(List.of(New.created("other", "o1", 10)));

        kafka.awaitUpTo(log.head());

        assertThat(kafka.log()).isEqualTo(log.all());
    }

    @Test
    void anEventCarriesTheHeadersOfCloudEvents() throws Exception {
        log.append(List.of(New.created("headed", "h/1", 3)));
        long position = log.head();
        kafka.awaitUpTo(position);

        var record = at(position);

        assertThat(TestLog.utf8(record.key())).isEqualTo("headed/h/1");
        assertThat(TestLog.utf8(record.value()))
                .isEqualTo(log.text("SELECT payload FROM log.event WHERE position = " + position));
        assertThat(headers(record))
                .containsOnly(
                        entry("ce_specversion", "1.0"),
                        entry(
                                "ce_id",
                                log.text("SELECT id FROM log.event WHERE position = " + position)),
                        entry("ce_type", "headwater.RecordCreated"),
                        entry("ce_source", "/headwater/" + log.epoch()),
                        entry("ce_subject", "headed/h/1"),
                        entry(
                                "ce_time",
                                log.text(
                                        """
                                        SELECT to_char(to_timestamp(0) AT TIME ZONE 'UTC' + at_micros * interval '1 microsecond',
                                                       'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                                          FROM log.event WHERE position =
                                        """
                                                + position)),
                        entry("ce_sequence", Long.toString(position)),
                        entry("ce_dataschema", "/models/headed/schema?version=1"),
                        entry("ce_actor", "ada"),
                        entry("ce_cause", "c-1"),
                        entry(
                                "traceparent",
                                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                        entry("content-type", "application/json"));
    }

    @Test
    void anEventOfAModelHasTheModelAsSubjectAndOthersHaveNone() throws Exception {
        log.append(
                List.of(
                        new New(
                                "headwater.ModelDefined",
                                "{\"model\":\"defined\",\"version\":1,\"definition\":{}}",
                                "{}"),
                        new New(
                                "headwater.CommandAnswered",
                                "{\"fingerprint\":\"f\",\"status\":201,\"headers\":{},\"body\":{}}",
                                "{}")));
        long last = log.head();
        kafka.awaitUpTo(last);

        var defined = at(last - 1);
        assertThat(TestLog.utf8(defined.key())).isEqualTo("defined");
        assertThat(headers(defined))
                .containsEntry("ce_subject", "defined")
                .doesNotContainKeys("ce_dataschema", "ce_actor", "ce_cause", "traceparent");
        var answered = at(last);
        assertThat(TestLog.utf8(answered.key())).isEqualTo(headers(answered).get("ce_id"));
        assertThat(headers(answered)).doesNotContainKey("ce_subject");
        assertThat(kafka.exists("headwater.records.defined")).isTrue();
        assertThat(kafka.exists("headwater.state.defined")).isTrue();
    }

    @Test
    void aModelsTopicsHoldItsEventsAndTheStateOfItsRecords() throws Exception {
        var created = New.created("thing", "t1", 5);
        var changed =
                new New(
                        "headwater.RecordChanged",
                        created.payload()
                                .replace("\"revision\":1", "\"revision\":2")
                                .replace("}}", "},\"changed\":[\"name\"]}"),
                        "{}");
        var deleted =
                new New(
                        "headwater.RecordDeleted",
                        "{\"model\":\"thing\",\"modelVersion\":1,\"id\":\"t1\",\"revision\":3}",
                        "{}");
        log.append(List.of(created, changed));
        log.append(List.of(deleted));
        kafka.awaitUpTo(log.head());

        assertThat(kafka.read("headwater.records.thing"))
                .allMatch(record -> TestLog.utf8(record.key()).equals("t1"))
                .extracting(record -> TestLog.utf8(record.value()))
                .containsExactly(created.payload(), changed.payload(), deleted.payload());
        var states = new ArrayList<>(kafka.read("headwater.state.thing"));
        assertThat(states.removeLast().value()).as("tombstone").isNull();
        assertThat(states)
                .extracting(record -> TestLog.utf8(record.value()))
                .containsExactly(created.payload(), changed.payload());
    }

    @Test
    void topicsAreMadeForWhatTheyHold() throws Exception {
        log.append(List.of(New.created("shaped", "s", 1)));
        kafka.awaitUpTo(log.head());
        var forever =
                Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "-1",
                        "max.message.bytes", "8388608");
        var newest = Map.of("cleanup.policy", "compact", "max.message.bytes", "8388608");

        assertTopic("headwater.log", 1, forever);
        assertTopic("headwater.records.shaped", 6, forever);
        assertTopic("headwater.state.shaped", 6, newest);
        assertTopic("headwater.relay", 1, Map.of("cleanup.policy", "compact"));
    }

    @Test
    void anEventOfSeveralMebibytesArrivesWhole() throws Exception {
        log.append(List.of(New.created("huge", "h", 6 << 20)));
        kafka.awaitUpTo(log.head());

        assertThat(kafka.read("headwater.state.huge"))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).hasSizeGreaterThan(6 << 20));
    }

    @Test
    void anIdleLogHoldsNoWalBackWhileOtherTablesAreBusy() throws Exception {
        log.execute("CREATE TABLE IF NOT EXISTS public.busy (text text)");
        var busy = "INSERT INTO public.busy SELECT repeat('x', 1000) FROM generate_series(1, 1000)";
        log.execute(busy);
        var written = log.text("SELECT pg_current_wal_lsn()");

        await().atMost(Duration.ofMinutes(4))
                .untilAsserted(() -> {
                    log.execute(busy);
                    assertThat(
                                    log.text(
                                            "SELECT confirmed_flush_lsn > '%s' FROM pg_replication_slots WHERE slot_name = 'headwater_relay'"
                                                    .formatted(written)))
                            .isEqualTo("t");
                });
    }

    @Test
    void theSlotIsReadyOnTheStandbyToo() throws Exception {
        await().atMost(Duration.ofMinutes(4))
                .untilAsserted(() -> {
                    try (var standby = cluster.standby().superuser();
                            var statement = standby.createStatement();
                            var rows =
                                    statement.executeQuery(
                                            "SELECT synced AND NOT temporary AND invalidation_reason IS NULL FROM pg_replication_slots WHERE slot_name = 'headwater_relay'")) {
                        assertThat(rows.next() && rows.getBoolean(1)).isTrue();
                    }
                });
    }

    @Test
    void numbersAndMetricsTellHowFarItIs() throws Exception {
        log.append(TestLog.some(3));
        long head = log.head();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    var numbers = relay.numbers();
                    assertThat(numbers.path("role").asString()).isEqualTo("leading");
                    assertThat(numbers.path("epoch").asString()).isEqualTo(log.epoch());
                    assertThat(numbers.path("position").asLong()).isGreaterThanOrEqualTo(head);
                    assertThat(numbers.path("logHead").asLong()).isGreaterThanOrEqualTo(head);
                    assertThat(numbers.path("positionsBehind").asLong(-1)).isZero();
                });
        assertThat(relay.prometheus())
                .contains("headwater_relay_position ")
                .contains("headwater_relay_behind_bytes ")
                .contains("headwater_relay_behind_milliseconds ")
                .contains("headwater_relay_wal_retained_bytes ")
                .contains("headwater_relay_batch_events_count ")
                .contains("headwater_relay_fencings_total ")
                .contains("headwater_relay_reader_restarts_total ");
        assertThat(relay.status("/actuator/health/liveness")).isEqualTo(200);
    }

    private static ConsumerRecord<byte[], byte[]> at(long position) {
        return kafka.read("headwater.log").stream()
                .filter(record ->
                        TestKafka.header(record, "ce_sequence").equals(Long.toString(position)))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), TestLog.utf8(header.value())));
        return headers;
    }

    private static void assertTopic(String topic, int partitions, Map<String, String> settings)
            throws Exception {
        try (var admin = kafka.admin()) {
            assertThat(admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic))
                    .satisfies(is -> assertThat(is.partitions()).hasSize(partitions));
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            var config =
                    admin.describeConfigs(List.of(resource)).all().get().values().iterator().next();
            assertThat(
                            config.entries().stream()
                                    .filter(entry -> settings.containsKey(entry.name()))
                                    .collect(toMap(entry -> entry.name(), entry -> entry.value())))
                    .isEqualTo(settings);
        }
    }
}
