package io.headwater.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// What stands at the ends of topics without being committed or aborted there.
///
/// Kafka answers a commit once its coordinator has noted it, and writes it into each partition
/// afterwards. A broker that is killed in between makes up for that when it starts; but one of
/// 4.3.0 or 4.3.1 may take a partition that has no leader yet for a deleted one, and leave it out
/// (KAFKA-20734). What was committed is then neither seen nor lost there: the same producer's next
/// transaction decides on it, as it decides on its own. Used by one thread.
final class OpenEnds implements AutoCloseable {
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final KafkaClients kafka;
    private final Admin admin;

    OpenEnds(KafkaClients kafka) {
        this.kafka = kafka;
        this.admin = kafka.admin();
    }

    /// Returns once nothing is open at the ends of these partitions.
    ///
    /// @throws KafkaException if something still is after 3 s
    void awaitNone(Collection<TopicPartition> partitions) {
        long deadline = System.nanoTime() + CLOSED_WITHIN.toNanos();
        var open = offsets(partitions);
        while (!open.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException(
                        "What was sent to %s is neither committed nor aborted there. Either a broker has forgotten to, or another producer than the relay has a transaction open (kafka-transactions.sh find-hanging)."
                                .formatted(open.keySet()));
            }
            pause();
            open = offsets(open.keySet());
        }
    }

    /// Every record that is open at the end of one of these partitions.
    List<ConsumerRecord<byte[], byte[]>> records(Collection<TopicPartition> partitions) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        offsets(partitions)
                .forEach((partition, open) ->
                        kafka.each(
                                partition,
                                open.from(),
                                open.to(),
                                IsolationLevel.READ_UNCOMMITTED,
                                records::add));
        return records;
    }

    private record Open(long from, long to) {}

    private Map<TopicPartition, Open> offsets(Collection<TopicPartition> partitions) {
        // In this order: what is committed meanwhile may look open, and never the other way round.
        var committed = KafkaClients.ends(admin, partitions, IsolationLevel.READ_COMMITTED);
        var written = KafkaClients.ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED);
        var open = new HashMap<TopicPartition, Open>();
        committed.forEach((partition, from) -> {
            long to = written.getOrDefault(partition, from);
            if (from < to) {
                open.put(partition, new Open(from, to));
            }
        });
        return open;
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
