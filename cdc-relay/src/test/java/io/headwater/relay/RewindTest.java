package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.contract.LogRewound;
import io.headwater.local.LocalCluster;
import io.headwater.relay.TestLog.New;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The log is restored to an earlier point: consumers are told, and none mixes what was undone with
/// what came instead.
class RewindTest {
    private LocalCluster cluster;
    private TestLog log;
    private TestKafka kafka;
    private RelayInProcess relay;

    @BeforeEach
    void someHistory() throws Exception {
        cluster = LocalCluster.builder().inTemporaryFolder().withKafka().start();
        log = new TestLog(cluster);
        kafka = new TestKafka(cluster.bootstrapServers());
        log.migrate();
        log.append(List.of(New.created("ship", "a", 1), New.created("ship", "b", 1)));
        log.append(List.of(New.created("ship", "a", 2)));
        relay = new RelayInProcess(cluster);
        relay.start();
        kafka.awaitUpTo(3);
    }

    @AfterEach
    void stop() {
        relay.close();
        cluster.close();
    }

    @Test
    void consumersAreToldWhatIsUndone() throws Exception {
        append(New.created("ship", "a", 9), New.created("ship", "c", 9));
        append(New.created("port", "p", 9));
        relay.close();

        log.restoreTo(3, "aaaaaaaa");
        append(New.created("ship", "d", 4));
        restartAndAwait(4);

        assertThat(asAConsumerKnowsIt()).isEqualTo(log.all());
        assertThat(marks("headwater.records.ship")).hasSize(6).allMatch(m -> m.position() == 3);
        assertThat(marks("headwater.records.port")).hasSize(6);
        assertThat(states("ship"))
                .isEqualTo(Map.of("a", payloadAt(3), "b", payloadAt(2), "d", payloadAt(4)));
        assertThat(states("port")).isEmpty();
    }

    @Test
    void aSecondRestoreMayGoFurtherBackThanTheFirst() throws Exception {
        append(New.created("ship", "c", 9), New.created("ship", "c", 8));
        relay.close();
        log.restoreTo(4, "aaaaaaaa");
        append(New.created("ship", "e", 1));
        restartAndAwait(5);
        relay.close();

        // as from a backup of before the first restore: the epoch in between is not in it
        log.restoreTo(2, "bbbbbbbb");
        append(New.created("ship", "f", 1));
        restartAndAwait(3);

        assertThat(asAConsumerKnowsIt()).isEqualTo(log.all());
        assertThat(states("ship").keySet()).containsExactlyInAnyOrder("a", "b", "f");
        assertThat(states("ship")).containsEntry("a", payloadAt(1));
    }

    @Test
    void aRestoreThatUndoesNothingOnKafkaOnlyBeginsTheNewLine() throws Exception {
        relay.close();
        append(New.created("ship", "c", 9), New.created("ship", "d", 9));
        log.restoreTo(4, "aaaaaaaa");
        append(New.created("ship", "e", 1));
        restartAndAwait(5);

        assertThat(asAConsumerKnowsIt()).isEqualTo(log.all());
        assertThat(marks("headwater.records.ship")).isEmpty();
    }

    @Test
    void allOfTheLogMayBeUndone() throws Exception {
        relay.close();
        log.restoreTo(0, "aaaaaaaa");
        restartAndAwait(0);
        append(New.created("ship", "z", 1));
        kafka.awaitUpTo(1);
        relay.close();
        relay = new RelayInProcess(cluster);
        relay.start();
        append(New.created("ship", "y", 1));
        kafka.awaitUpTo(2);

        assertThat(asAConsumerKnowsIt()).isEqualTo(log.all());
        assertThat(states("ship").keySet()).containsExactlyInAnyOrder("z", "y");
    }

    private void append(New... events) throws Exception {
        log.append(List.of(events));
        if (relay.isRunning()) {
            kafka.awaitUpTo(log.head());
        }
    }

    private void restartAndAwait(long position) {
        relay = new RelayInProcess(cluster);
        relay.start();
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> {
                    assertThat(relay.reason()).isEmpty();
                    assertThat(asAConsumerKnowsIt()).isEqualTo(log.all()).hasSize((int) position);
                });
    }

    /// What a consumer of the log has in the end that keeps to the rules of docs/consuming.md.
    private List<TestLog.Seen> asAConsumerKnowsIt() {
        var known = new ArrayList<TestLog.Seen>();
        kafka.each(
                "headwater.log",
                record -> {
                    long position = Long.parseLong(TestKafka.header(record, "ce_sequence"));
                    if (isMark(record)) {
                        known.removeIf(seen -> seen.position() > position);
                    } else {
                        known.add(new TestLog.Seen(position, TestKafka.header(record, "ce_id")));
                    }
                });
        assertThat(new HashSet<>(known)).as("no event twice").hasSameSizeAs(known);
        return known;
    }

    private List<LogRewound> marks(String topic) {
        return kafka.read(topic).stream()
                .filter(RewindTest::isMark)
                .map(record -> LogRewound.fromJson(new String(record.value(), UTF_8)))
                .toList();
    }

    private static boolean isMark(ConsumerRecord<byte[], byte[]> record) {
        return TestKafka.header(record, "ce_type").equals("headwater.LogRewound");
    }

    private Map<String, String> states(String model) {
        var states = new HashMap<String, String>();
        kafka.each(
                "headwater.state." + model,
                record -> {
                    var id = TestLog.utf8(record.key());
                    if (record.value() == null) {
                        states.remove(id);
                    } else {
                        states.put(id, TestLog.utf8(record.value()));
                    }
                });
        return states;
    }

    private String payloadAt(long position) throws Exception {
        return log.text("SELECT payload FROM log.event WHERE position = " + position);
    }
}
