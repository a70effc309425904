package io.headwater.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.local.LocalCluster;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What piled up while no relay ran is many times the relay's memory, and goes through it all the
/// same.
class BacklogTest {
    private static LocalCluster cluster;
    private static TestLog log;
    private static TestKafka kafka;

    @BeforeAll
    static void start() throws Exception {
        cluster = LocalCluster.builder().withKafka().start();
        log = new TestLog(cluster);
        kafka = new TestKafka(cluster.bootstrapServers());
        log.migrate();
        RelayProcess.start(cluster).awaitLeading().stop();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void threeHundredThousandEventsFromTheTable() throws Exception {
        log.fill(300_000, 150);

        try (var relay = RelayProcess.start(cluster)) {
            arrives(relay);
            assertThat(relay.output()).contains("catching up from the table");
        }
    }

    @Test
    void largeEventsFromTheSlot() throws Exception {
        log.fill(12_000, 24_000);

        try (var relay = RelayProcess.start(cluster)) {
            arrives(relay);
            assertThat(relay.output()).doesNotContain("from the table");
        }
    }

    private static void arrives(RelayProcess relay) throws Exception {
        long head = log.head();
        await().atMost(Duration.ofMinutes(5))
                .until(() ->
                        !relay.isAlive() || relay.numbers().path("position").asLong(0) >= head);
        assertThat(relay.isAlive()).as(relay.output()).isTrue();
        var last = new AtomicLong();
        kafka.each(
                "headwater.log",
                record ->
                        assertThat(Long.parseLong(TestKafka.header(record, "ce_sequence")))
                                .isEqualTo(last.incrementAndGet()));
        assertThat(last).hasValue(head);
    }
}
