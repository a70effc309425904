package io.headwater.relay;

import io.headwater.contract.ModelName;
import io.headwater.contract.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether Kafka can be used and makes the topics. Used by one thread.
final class RelayTopics {
    /// The relay's place, and the topic whose one partition stands for the lead.
    static final String PLACE = "headwater.relay";

    static final int MAX_MESSAGE_BYTES = 8 << 20;
    private static final int PARTITIONS_OF_A_MODEL = 6;

    private static final Map<String, String> KEPT_FOREVER =
            Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_DELETE,
                    TopicConfig.RETENTION_MS_CONFIG,
                    "-1",
                    TopicConfig.RETENTION_BYTES_CONFIG,
                    "-1",
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(MAX_MESSAGE_BYTES));
    private static final Map<String, String> NEWEST_KEPT =
            Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(MAX_MESSAGE_BYTES));
    // written at every transaction: small segments, or compaction never gets to it
    private static final Map<String, String> PLACES =
            Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    TopicConfig.SEGMENT_BYTES_CONFIG,
                    Integer.toString(16 << 20),
                    TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                    "0.1");

    private static final Logger log = LoggerFactory.getLogger(RelayTopics.class);

    private final KafkaClients kafka;
    private final int transactionTimeoutMillis;
    private final Set<String> models = new HashSet<>();

    RelayTopics(KafkaClients kafka, int transactionTimeoutMillis) {
        this.kafka = kafka;
        this.transactionTimeoutMillis = transactionTimeoutMillis;
    }

    /// Looks whether Kafka is there and fit, makes the topics that do not depend on a model, and
    /// looks whether the log's topic is what it must be.
    ///
    /// @throws Obstacle saying what is wrong
    void prepare() {
        try (var admin = kafka.admin()) {
            lookAtBrokers(admin);
            make(admin, List.of(topic(Topics.LOG, 1, KEPT_FOREVER), topic(PLACE, 1, PLACES)));
            lookAtLog(admin);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    /// Makes the topics of the models that are not known to be there.
    void prepareFor(Collection<ModelName> wanted) {
        var missing = wanted.stream().filter(model -> !models.contains(model.value())).toList();
        if (missing.isEmpty()) {
            return;
        }
        var topics = new ArrayList<NewTopic>();
        for (var model : missing) {
            topics.add(topic(Topics.records(model), PARTITIONS_OF_A_MODEL, KEPT_FOREVER));
            topics.add(topic(Topics.state(model), PARTITIONS_OF_A_MODEL, NEWEST_KEPT));
        }
        try (var admin = kafka.admin()) {
            make(admin, topics);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
        missing.forEach(model -> models.add(model.value()));
    }

    /// Every partition that a relay has written to or may have.
    List<TopicPartition> all() {
        try (var admin = kafka.admin()) {
            var names =
                    admin.listTopics().names().get().stream()
                            .filter(name -> name.equals(PLACE) || Topics.isOfTheRelay(name))
                            .toList();
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic ->
                            topic.partitions().stream()
                                    .map(p -> new TopicPartition(topic.name(), p.partition())))
                    .toList();
        } catch (ExecutionException e) {
            throw unreachable(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, partitions, kafka.replicationFactor()).configs(settings);
    }

    private static void make(Admin admin, List<NewTopic> topics)
            throws ExecutionException, InterruptedException {
        for (var made : admin.createTopics(topics).values().entrySet()) {
            try {
                made.getValue().get();
                log.atInfo().addKeyValue("topic", made.getKey()).log("topic made");
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private void lookAtBrokers(Admin admin) throws ExecutionException, InterruptedException {
        var brokers = admin.describeCluster().nodes().get();
        if (kafka.replicationFactor() > brokers.size()) {
            throw unusable(
                    "headwater.kafka.replication-factor is %d, but Kafka has %d broker(s): set it lower or add brokers."
                            .formatted(kafka.replicationFactor(), brokers.size()));
        }
        var broker =
                new ConfigResource(
                        ConfigResource.Type.BROKER, brokers.iterator().next().idString());
        var config = admin.describeConfigs(List.of(broker)).all().get().get(broker);
        if (config == null) {
            return;
        }
        long copies = number(config, "transaction.state.log.replication.factor", 0);
        if (copies > brokers.size()) {
            throw unusable(
                    "Kafka cannot do transactions: transaction.state.log.replication.factor is %d with %d broker(s). Set it, and transaction.state.log.min.isr, to what the brokers can keep."
                            .formatted(copies, brokers.size()));
        }
        long longest = number(config, "transaction.max.timeout.ms", Long.MAX_VALUE);
        if (longest < transactionTimeoutMillis) {
            throw unusable(
                    "Kafka's transaction.max.timeout.ms is %d, the relay needs %d."
                            .formatted(longest, transactionTimeoutMillis));
        }
        long request = number(config, "socket.request.max.bytes", Long.MAX_VALUE);
        if (request < MAX_MESSAGE_BYTES + (1 << 20)) {
            throw unusable(
                    "Kafka's socket.request.max.bytes is %d, too small for events of up to %d bytes: leave it at its default."
                            .formatted(request, MAX_MESSAGE_BYTES));
        }
    }

    private static void lookAtLog(Admin admin) throws ExecutionException, InterruptedException {
        int partitions =
                admin.describeTopics(List.of(Topics.LOG)).allTopicNames().get().values().stream()
                        .mapToInt(topic -> topic.partitions().size())
                        .sum();
        if (partitions != 1) {
            throw new Obstacle(
                    Obstacle.Kind.TOPIC_UNUSABLE,
                    "Topic %s has %d partitions; it must have one, or there is no one order. Delete it: the relay makes it anew from the log."
                            .formatted(Topics.LOG, partitions));
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, Topics.LOG);
        var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        if (config == null) {
            return;
        }
        for (var wanted :
                List.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.RETENTION_MS_CONFIG,
                        TopicConfig.RETENTION_BYTES_CONFIG)) {
            var is = config.get(wanted).value();
            var must = KEPT_FOREVER.get(wanted);
            if (!is.equals(must)) {
                throw new Obstacle(
                        Obstacle.Kind.TOPIC_UNUSABLE,
                        "Topic %s has %s=%s, by which Kafka would forget events; set it to %s."
                                .formatted(Topics.LOG, wanted, is, must));
            }
        }
        long largest = number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, 0);
        if (largest < MAX_MESSAGE_BYTES) {
            throw new Obstacle(
                    Obstacle.Kind.TOPIC_UNUSABLE,
                    "Topic %s has max.message.bytes=%d, too small for some events; set it to %d."
                            .formatted(Topics.LOG, largest, MAX_MESSAGE_BYTES));
        }
    }

    private static long number(Config config, String name, long otherwise) {
        var entry = config.get(name);
        return entry == null || entry.value() == null ? otherwise : Long.parseLong(entry.value());
    }

    private static Obstacle unusable(String words) {
        return new Obstacle(Obstacle.Kind.KAFKA_UNUSABLE, words);
    }

    private Obstacle unreachable(Throwable cause) {
        return new Obstacle(
                Obstacle.Kind.KAFKA_UNREACHABLE,
                "Kafka at %s does not answer: %s"
                        .formatted(kafka.bootstrapServers(), cause.getMessage()),
                cause);
    }
}
