package io.headwater.acceptance;

import static java.util.Objects.requireNonNull;

import io.headwater.contract.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/// What a `read_committed` consumer sees.
final class KafkaLog {
    /// @param value null for a tombstone
    record Seen(long position, String id, String type, String key, @Nullable String value) {}

    private final String bootstrapServers;

    KafkaLog(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /// All of a topic, partition by partition, in offset order.
    List<Seen> read(String topic) {
        var seen = new ArrayList<Seen>();
        try (var consumer = consumer()) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(p -> new TopicPartition(topic, p.partition()))
                            .toList();
            for (var partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
                while (consumer.position(partition) < end) {
                    consumer.poll(Duration.ofMillis(200))
                            .forEach(r ->
                                    seen.add(
                                            new Seen(
                                                    Long.parseLong(
                                                            header(r, EventHeaders.SEQUENCE)),
                                                    header(r, EventHeaders.ID),
                                                    header(r, EventHeaders.TYPE),
                                                    r.key(),
                                                    r.value())));
                }
            }
        }
        return seen;
    }

    Set<String> topics() {
        try (var consumer = consumer()) {
            return consumer.listTopics().keySet().stream()
                    .filter(name -> name.startsWith("headwater."))
                    .collect(Collectors.toSet());
        }
    }

    private KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false",
                        // Only the relay makes topics: one made by a look at it would be wrong.
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static String header(
            org.apache.kafka.clients.consumer.ConsumerRecord<String, String> message, String name) {
        var header = message.headers().lastHeader(name);
        if (header == null) {
            throw new AssertionError("No header " + name + " at offset " + message.offset());
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
