package io.headwater.query.run;

import io.headwater.contract.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the committed records of `headwater.log` in order. Memory is bounded: one fetch of at most
/// 4 MiB ahead, and at most 500 records a poll. Not safe for concurrent use.
public final class LogReader implements AutoCloseable {
    private static final TopicPartition LOG = new TopicPartition(Topics.LOG, 0);
    private static final Duration ANSWER_WAIT = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /// @param offset where to begin
    public LogReader(String bootstrapServers, long offset) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "headwater-projection",
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "none",
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                500,
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                4 * 1024 * 1024,
                                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                                500,
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                10_000),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(List.of(LOG));
        consumer.seek(LOG, offset);
    }

    /// The next records, as soon as there is one; none once `wait` is over.
    Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
        try {
            return consumer.poll(wait).records(LOG);
        } catch (OffsetOutOfRangeException e) {
            // The topic is another than the one that the offset is from. Positions tell where to go
            // on.
            seekToBeginning();
            return List.of();
        }
    }

    void seek(long offset) {
        consumer.seek(LOG, offset);
    }

    void seekToBeginning() {
        consumer.seekToBeginning(List.of(LOG));
    }

    /// Records between the last one read and the end, as of the last fetch; those that end a Kafka
    /// transaction count too. Empty before the first fetch.
    public OptionalLong lag() {
        return consumer.currentLag(LOG);
    }

    /// Asks Kafka where the end is.
    ///
    /// @return records between the last one read and the end
    /// @throws KafkaException if Kafka does not answer within 5 s, or there is no such topic
    public long askLag() {
        long end = consumer.endOffsets(List.of(LOG), ANSWER_WAIT).getOrDefault(LOG, 0L);
        return Math.max(0, end - consumer.position(LOG, ANSWER_WAIT));
    }

    @Override
    public void close() {
        consumer.close(
                org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
