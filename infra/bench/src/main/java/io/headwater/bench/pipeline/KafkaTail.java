package io.headwater.bench.pipeline;

import io.headwater.bench.load.Progression.Seen;
import io.headwater.contract.EventHeaders;
import io.headwater.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The newest position in `headwater.log` that a `read_committed` consumer can see. Asks for the
/// end of the topic each time and reads its last records only now and then, so the broker does not
/// feel it. Not safe for concurrent use.
final class KafkaTail implements AutoCloseable {
    private static final TopicPartition LOG = new TopicPartition(Topics.LOG, 0);
    // Transactions end with a control record, which takes an offset and is not handed out.
    private static final int FEW = 8;
    private static final Duration READ_EVERY = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private long end;
    private long endAt;
    private long readAt;
    private Seen seen = Seen.now(0);

    KafkaTail(String bootstrapServers) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                "false",
                                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                                20,
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                64 * 1024),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(List.of(LOG));
    }

    /// At most half a second old, but with the time at which the topic came to have it.
    Seen look() {
        long now = consumer.endOffsets(List.of(LOG)).getOrDefault(LOG, 0L);
        long at = System.nanoTime();
        if (now != end) {
            boolean first = end == 0;
            end = now;
            endAt = at;
            if (first) {
                read();
            }
        }
        if (seen.at() < endAt && at - readAt > READ_EVERY.toNanos()) {
            read();
        }
        return seen;
    }

    private void read() {
        consumer.seek(LOG, Math.max(0, end - FEW));
        long position = seen.position();
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (consumer.position(LOG) < end && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                Header sequence = record.headers().lastHeader(EventHeaders.SEQUENCE);
                if (record.offset() < end && sequence != null) {
                    String text = new String(sequence.value(), StandardCharsets.UTF_8);
                    position = Math.max(position, Long.parseLong(text));
                }
            }
        }
        seen = new Seen(position, endAt);
        readAt = System.nanoTime();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
