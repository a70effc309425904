package io.headwater.relay;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Which of several relays leads: the member of a consumer group that has the one partition of the
/// relay's topic. The group's heartbeats tell a dead or frozen leader; a relay that waits then gets
/// the partition.
///
/// This chooses, it does not protect: a leader that was frozen may believe in its lead for a moment
/// after it thaws. What protects is the fencing of its Kafka transactions. Used by one thread.
final class Leadership implements AutoCloseable {
    // A leader that does not come by for so long hangs, and another shall try.
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(250).toNanos();

    private final KafkaClients kafka;
    private final String topic;
    private final Duration sessionTimeout;
    private @Nullable KafkaConsumer<byte[], byte[]> member;
    private long lookedAt;

    Leadership(KafkaClients kafka, String topic, Duration sessionTimeout) {
        this.kafka = kafka;
        this.topic = topic;
        this.sessionTimeout = sessionTimeout;
    }

    /// Waits for the lead, at most `atMost`.
    ///
    /// @return whether this relay leads
    boolean await(Duration atMost) {
        var consumer = member();
        if (consumer.assignment().isEmpty()) {
            consumer.poll(atMost);
            consumer.pause(consumer.assignment());
        }
        return !consumer.assignment().isEmpty();
    }

    /// Whether this relay still leads, as far as it knows; to be called at least once a minute
    /// while it does. Cheap: asks the group at most four times a second.
    boolean holds() {
        var consumer = member();
        long now = System.nanoTime();
        if (now - lookedAt > LOOK_EVERY_NANOS) {
            lookedAt = now;
            consumer.poll(Duration.ZERO);
            consumer.pause(consumer.assignment());
        }
        return !consumer.assignment().isEmpty();
    }

    /// Gives the lead up and leaves the group; the next [#await] joins it again, behind the others.
    void resign() {
        var consumer = member;
        member = null;
        if (consumer != null) {
            kafka.close(consumer);
        }
    }

    @Override
    public void close() {
        resign();
    }

    private KafkaConsumer<byte[], byte[]> member() {
        var consumer = member;
        if (consumer == null) {
            var settings = kafka.settings();
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, topic);
            settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
            settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
            settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
            settings.put(
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                    Math.toIntExact(sessionTimeout.toMillis()));
            settings.put(
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    Math.toIntExact(sessionTimeout.toMillis() / 4));
            settings.put(
                    ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                    Math.toIntExact(LONGEST_SILENCE.toMillis()));
            // keeps the partition where it is when a second relay joins
            settings.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    CooperativeStickyAssignor.class.getName());
            consumer =
                    new KafkaConsumer<>(
                            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.subscribe(List.of(topic));
            member = consumer;
        }
        return consumer;
    }
}
