package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;

/// Reads topics as a downstream consumer does: committed records only.
final class TestKafka {
    private final String bootstrapServers;

    TestKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /// Everything in a topic up to its end as it is now.
    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        each(topic, records::add);
        return records;
    }

    void each(String topic, Consumer<ConsumerRecord<byte[], byte[]>> with) {
        try (var consumer = consumer()) {
            var partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(part -> new TopicPartition(topic, part.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var end = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(part -> consumer.position(part) < end.getOrDefault(part, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(with);
            }
        }
    }

    /// Position and id of every committed record of the log's topic, in its order.
    List<TestLog.Seen> log() {
        var seen = new ArrayList<TestLog.Seen>();
        if (!exists("headwater.log")) {
            return seen;
        }
        each(
                "headwater.log",
                record ->
                        seen.add(
                                new TestLog.Seen(
                                        Long.parseLong(header(record, "ce_sequence")),
                                        header(record, "ce_id"))));
        return seen;
    }

    /// Waits until the log's topic has that position.
    void awaitUpTo(long position) {
        try (var consumer = consumer()) {
            var partition = new TopicPartition("headwater.log", 0);
            Awaitility.await("position " + position + " on Kafka")
                    .atMost(Duration.ofMinutes(4))
                    .until(() -> exists("headwater.log"));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var newest = new AtomicLong();
            Awaitility.await("position " + position + " on Kafka")
                    .atMost(Duration.ofMinutes(4))
                    .pollInSameThread()
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(100))
                                .forEach(record ->
                                        newest.set(Long.parseLong(header(record, "ce_sequence"))));
                        return newest.get() >= position;
                    });
        }
    }

    void put(String topic, String key, String value) {
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// A foreign producer with an open transaction on a topic.
    KafkaProducer<String, String> transaction(String topic) throws Exception {
        var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "other"),
                        new StringSerializer(),
                        new StringSerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, "key", "value")).get();
        return producer;
    }

    /// Deletes the relay's topics and waits until they are gone.
    void deleteTopics() {
        try (var admin = admin()) {
            var ours =
                    admin.listTopics().names().get().stream()
                            .filter(name -> name.startsWith("headwater."))
                            .toList();
            admin.deleteTopics(ours).all().get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(4))
                .until(() -> !exists("headwater.log") && !exists("headwater.relay"));
    }

    boolean exists(String topic) {
        try (var admin = admin()) {
            return admin.listTopics().names().get().contains(topic);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }
}
