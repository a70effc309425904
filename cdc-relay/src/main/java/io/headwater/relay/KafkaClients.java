package io.headwater.relay;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Settings that all of the relay's Kafka clients share, and the reading of a topic's end.
final class KafkaClients {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration NOTHING_READ_FOR = Duration.ofSeconds(10);
    private static final long FIRST_WINDOW = 64;

    private final RelayProperties.Kafka kafka;

    KafkaClients(RelayProperties.Kafka kafka) {
        this.kafka = kafka;
    }

    /// A fresh map, free to be added to.
    Map<String, Object> settings() {
        var settings = new HashMap<String, Object>(kafka.properties());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "headwater-relay");
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        // JMX has no reader here
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put("enable.metrics.push", "false");
        return settings;
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    short replicationFactor() {
        return kafka.replicationFactor();
    }

    Admin admin() {
        var settings = settings();
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        return Admin.create(settings);
    }

    void close(KafkaConsumer<?, ?> consumer) {
        consumer.close(CloseOptions.timeout(CLOSE_WITHIN));
    }

    /// The newest committed record of a topic's only partition that `wanted` accepts.
    Optional<ConsumerRecord<byte[], byte[]>> lastCommitted(
            String topic, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        return lastCommitted(new TopicPartition(topic, 0), wanted);
    }

    /// The newest committed record of a partition that `wanted` accepts. Control records and the
    /// records of aborted transactions lie between and behind committed ones, so the end offset
    /// does not tell: looks at the last 64 offsets, then at ever more.
    ///
    /// @throws Obstacle if an open transaction hides the end for 10 s
    Optional<ConsumerRecord<byte[], byte[]>> lastCommitted(
            TopicPartition partition, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        var consumer = consumer(IsolationLevel.READ_COMMITTED);
        try {
            consumer.assign(List.of(partition));
            long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long end = end(partition);
            long until = end;
            for (long window = FIRST_WINDOW; until > begin; window *= 8) {
                long from = Math.max(begin, end - window);
                var found = read(consumer, partition, from, until, wanted);
                if (found.isPresent()) {
                    return found;
                }
                until = from;
            }
            return Optional.empty();
        } finally {
            close(consumer);
        }
    }

    /// Reads the committed records of a topic's only partition from an offset to the end as it is
    /// now.
    void eachCommitted(String topic, long from, Consumer<ConsumerRecord<byte[], byte[]>> with) {
        var partition = new TopicPartition(topic, 0);
        each(partition, from, end(partition), IsolationLevel.READ_COMMITTED, with);
    }

    /// Reads what is in a partition between two offsets.
    void each(
            TopicPartition partition,
            long from,
            long until,
            IsolationLevel isolation,
            Consumer<ConsumerRecord<byte[], byte[]>> with) {
        var consumer = consumer(isolation);
        try {
            consumer.assign(List.of(partition));
            var _ =
                    read(
                            consumer,
                            partition,
                            from,
                            until,
                            record -> {
                                with.accept(record);
                                return false;
                            });
        } finally {
            close(consumer);
        }
    }

    /// Behind the last record, committed or not. A consumer of committed records would be told
    /// where the first open transaction begins, and would take what was committed behind that for
    /// missing.
    private long end(TopicPartition partition) {
        try (var admin = admin()) {
            return ends(admin, List.of(partition), IsolationLevel.READ_UNCOMMITTED)
                    .getOrDefault(partition, 0L);
        }
    }

    /// Where partitions end; with committed records only, where the first open transaction begins.
    static Map<TopicPartition, Long> ends(
            Admin admin, Collection<TopicPartition> partitions, IsolationLevel isolation) {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        partitions.forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        try {
            admin.listOffsets(asked, new ListOffsetsOptions(isolation))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } catch (ExecutionException e) {
            throw new KafkaException("The ends of " + partitions + " are not known", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(IsolationLevel isolation) {
        var settings = settings();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        settings.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_WITHIN.toMillis()));
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long from,
            long until,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        consumer.seek(partition, from);
        Optional<ConsumerRecord<byte[], byte[]>> found = Optional.empty();
        long deadline = System.nanoTime() + NOTHING_READ_FOR.toNanos();
        while (consumer.position(partition) < until) {
            var polled = consumer.poll(Duration.ofMillis(200));
            if (!polled.isEmpty()) {
                deadline = System.nanoTime() + NOTHING_READ_FOR.toNanos();
            }
            for (var record : polled) {
                if (record.offset() < until && wanted.test(record)) {
                    found = Optional.of(record);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new Obstacle(
                        Obstacle.Kind.KAFKA_UNREACHABLE,
                        "The end of topic %s could not be read: nothing came for %d s at offset %d of %d. Either a broker is down, or another producer than the relay has a transaction open there (kafka-transactions.sh find-hanging)."
                                .formatted(
                                        partition.topic(),
                                        NOTHING_READ_FOR.toSeconds(),
                                        consumer.position(partition),
                                        until));
            }
        }
        return found;
    }
}
