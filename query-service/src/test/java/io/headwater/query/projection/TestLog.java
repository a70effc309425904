package io.headwater.query.projection;

import io.headwater.contract.EventHeaders;
import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.FieldType;
import io.headwater.contract.LogEvent;
import io.headwater.contract.LogRewound;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// Writes `headwater.log` as the relay does: CloudEvents, gapless positions, Kafka transactions.
/// Safe for concurrent use.
final class TestLog implements AutoCloseable {
    static final String EPOCH = "7f3a91c2";
    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    /// An event of the contract's and its position.
    record Logged(long position, LogEvent event) {}

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Logged> committed = new ArrayList<>();
    private String epoch = EPOCH;
    private long position;

    TestLog(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        createTopic();
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers,
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                UUID.randomUUID().toString(),
                                ProducerConfig.LINGER_MS_CONFIG,
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        producer.initTransactions();
    }

    final void createTopic() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var topic = new NewTopic(Topics.LOG, 1, (short) 1);
            admin.createTopics(List.of(topic.configs(Map.of("retention.ms", "-1")))).all().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Appends in one Kafka transaction.
    ///
    /// @return position of the last
    synchronized long append(List<? extends LogEvent> events) {
        producer.beginTransaction();
        var logged = new ArrayList<Logged>();
        for (LogEvent event : events) {
            send(record(event, ++position));
            logged.add(new Logged(position, event));
        }
        producer.commitTransaction();
        committed.addAll(logged);
        return position;
    }

    long append(LogEvent... events) {
        return append(List.of(events));
    }

    /// Sends all that was committed once more, to a topic that was made anew.
    synchronized void republish() {
        producer.beginTransaction();
        committed.forEach(logged -> send(record(logged.event(), logged.position())));
        producer.commitTransaction();
    }

    /// Appends in a Kafka transaction that is then aborted: no reader may see it. A broker (4.3.1)
    /// that is killed right after a commit may forget to write it into the topic (KAFKA-20734);
    /// what comes next there, commit or abort, decides on both. So nothing is aborted then.
    synchronized void abort(LogEvent... events) {
        if (!hasEnd()) {
            return;
        }
        do {
            producer.beginTransaction();
            long at = position;
            for (LogEvent event : events) {
                send(record(event, ++at));
            }
            producer.flush();
            producer.abortTransaction();
        } while (!hasEnd());
    }

    /// Whether, within 3 s, no transaction is open any more.
    private boolean hasEnd() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(3))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() ->
                            end(admin, IsolationLevel.READ_COMMITTED)
                                    == end(admin, IsolationLevel.READ_UNCOMMITTED));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static long end(Admin admin, IsolationLevel isolation) throws Exception {
        var partition = new TopicPartition(Topics.LOG, 0);
        return admin.listOffsets(
                        Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /// Appends what is no event of the contract's.
    synchronized long appendRaw(String type, @Nullable String subject, String payload) {
        producer.beginTransaction();
        send(record(type, subject, payload, ++position));
        producer.commitTransaction();
        return position;
    }

    /// Sends an event with a position of the caller's choice.
    synchronized void appendAt(long chosen, LogEvent event) {
        producer.beginTransaction();
        send(record(event, chosen));
        producer.commitTransaction();
    }

    /// Rewinds the topic as the relay does after a restore: the next event is `after + 1`.
    synchronized void rewind(String nextEpoch, long after) {
        var mark = new LogRewound(nextEpoch, epoch, after, null);
        epoch = nextEpoch;
        position = after;
        committed.removeIf(logged -> logged.position() > after);
        producer.beginTransaction();
        send(record(EventType.LOG_REWOUND, null, mark.toJson(), after));
        producer.commitTransaction();
    }

    synchronized void beginEpoch(String next) {
        epoch = next;
    }

    synchronized long position() {
        return position;
    }

    /// All events that were committed, oldest first.
    synchronized List<Logged> committed() {
        return List.copyOf(committed);
    }

    /// The time that the event at a position has.
    static Instant timeOf(long position) {
        return START.plusMillis(position).plusNanos(123_000);
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        // The commit throws if any send of its transaction failed.
        var _ = producer.send(record);
    }

    private ProducerRecord<byte[], byte[]> record(LogEvent event, long at) {
        String subject =
                switch (event) {
                    case RecordEvent change -> change.record().toString();
                    case ModelEvent change -> change.model().value();
                    default -> null;
                };
        return record(EventType.of(event), subject, EventJson.write(event), at);
    }

    private ProducerRecord<byte[], byte[]> record(
            String type, @Nullable String subject, String payload, long at) {
        var record = new ProducerRecord<byte[], byte[]>(Topics.LOG, 0, null, bytes(payload));
        header(record, EventHeaders.SPEC_VERSION, "1.0");
        header(record, EventHeaders.ID, new UUID(4242, at).toString());
        header(record, EventHeaders.TYPE, type);
        header(record, EventHeaders.SOURCE, "/headwater/" + epoch);
        if (subject != null) {
            header(record, EventHeaders.SUBJECT, subject);
        }
        header(record, EventHeaders.TIME, FieldType.Moment.text(timeOf(at)));
        header(record, EventHeaders.SEQUENCE, Long.toString(at));
        header(record, EventHeaders.CONTENT_TYPE, "application/json");
        return record;
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
