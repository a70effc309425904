package io.headwater.query.pipeline;

import io.headwater.contract.EventHeaders;
import io.headwater.contract.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The end of `headwater.log` as a `read_committed` reader sees it.
@Component
@Order(3)
final class KafkaStage implements Stage, DisposableBean {
    private static final TopicPartition LOG = new TopicPartition(Topics.LOG, 0);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /// The newest offsets may be those of control records, so the look begins some before the end,
    /// and where that was not enough, further.
    private static final long FIRST_STEP = 10;

    private static final long LAST_STEP = 10_000;

    private final String bootstrapServers;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    KafkaStage(@Value("${headwater.kafka.bootstrap-servers}") String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public synchronized void look(ObjectNode description) throws IOException {
        try {
            KafkaConsumer<byte[], byte[]> reader = consumer == null ? connect() : consumer;
            consumer = reader;
            look(reader, description);
        } catch (KafkaException broken) {
            destroy();
            throw broken;
        }
    }

    private static void look(KafkaConsumer<byte[], byte[]> reader, ObjectNode description)
            throws IOException {
        if (reader.partitionsFor(Topics.LOG, PATIENCE).isEmpty()) {
            throw new IOException("it has no topic " + Topics.LOG + " yet; the relay makes it");
        }
        long end = reader.endOffsets(List.of(LOG), PATIENCE).getOrDefault(LOG, 0L);
        description.put("offset", end);
        ConsumerRecord<byte[], byte[]> last = last(reader, end);
        if (last == null) {
            description.put(POSITION, 0L);
            return;
        }
        description.put(POSITION, Long.parseLong(header(last, EventHeaders.SEQUENCE)));
        description.put(TIME, header(last, EventHeaders.TIME));
    }

    private static @Nullable ConsumerRecord<byte[], byte[]> last(
            KafkaConsumer<byte[], byte[]> reader, long end) throws IOException {
        for (long step = FIRST_STEP; step <= LAST_STEP; step *= 10) {
            long from = Math.max(0, end - step);
            ConsumerRecord<byte[], byte[]> last = last(reader, from, end);
            if (last != null || from == 0) {
                return last;
            }
        }
        throw new IOException(
                "the last %,d offsets of %s hold no event".formatted(LAST_STEP, Topics.LOG));
    }

    private static @Nullable ConsumerRecord<byte[], byte[]> last(
            KafkaConsumer<byte[], byte[]> reader, long from, long end) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ConsumerRecord<byte[], byte[]> last = null;
        reader.seek(LOG, from);
        while (reader.position(LOG, PATIENCE) < end) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "reading %s takes more than %d s"
                                .formatted(Topics.LOG, PATIENCE.toSeconds()));
            }
            for (ConsumerRecord<byte[], byte[]> record :
                    reader.poll(Duration.ofMillis(100)).records(LOG)) {
                last = record;
            }
        }
        return last;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name)
            throws IOException {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw new IOException(
                    "the last event of %s has no header %s".formatted(Topics.LOG, name));
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }

    private KafkaConsumer<byte[], byte[]> connect() {
        Map<String, Object> settings =
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis(),
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) PATIENCE.toMillis(),
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "headwater-pipeline");
        var reader =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        reader.assign(List.of(LOG));
        return reader;
    }

    @Override
    public synchronized void destroy() {
        if (consumer != null) {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
            consumer = null;
        }
    }
}
