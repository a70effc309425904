package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.contract.Topics;
import io.headwater.eventstore.AppendCondition;
import io.headwater.eventstore.AppendRequest;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.EventLogSchema;
import io.headwater.eventstore.NewEvent;
import io.headwater.local.LocalCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.kafka.KafkaContainer;

/// The relay against Kafka as operators run it: the official image, not the broker of the test
/// fixture. Runs where a Docker engine answers.
@EnabledIf("io.headwater.acceptance.Docker#answers")
class OfficialKafkaImageTest {
    private static final ModelName MODEL = new ModelName("parcel");
    private static final int EVENTS = 2_000;

    @Test
    void theRelayCarriesTheLogToTheOfficialImageOnceAndInOrderAlsoWhenKilled() throws Exception {
        try (var kafka = new KafkaContainer("apache/kafka:4.3.1");
                var cluster = LocalCluster.builder().start()) {
            kafka.start();
            migrate(cluster);
            append(cluster, EVENTS / 2);
            Process relay = relay(cluster, kafka.getBootstrapServers());
            try {
                awaitOnKafka(kafka, 1);
            } finally {
                relay.destroyForcibly().waitFor();
            }
            append(cluster, EVENTS / 2);
            relay = relay(cluster, kafka.getBootstrapServers());
            try {
                awaitOnKafka(kafka, EVENTS);
            } finally {
                relay.destroyForcibly().waitFor();
            }

            var log = new KafkaLog(kafka.getBootstrapServers());
            assertThat(log.read(Topics.LOG))
                    .extracting(KafkaLog.Seen::position)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, EVENTS).boxed().toList());
            assertThat(log.read(Topics.records(MODEL))).hasSize(EVENTS);
        }
    }

    private static void awaitOnKafka(KafkaContainer kafka, int events) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() ->
                        new KafkaLog(kafka.getBootstrapServers()).read(Topics.LOG).size()
                                >= events);
    }

    private static void migrate(LocalCluster cluster) {
        Flyway.configure()
                .dataSource(cluster.jdbcUrl(), "headwater_owner", cluster.password())
                .locations(EventLogSchema.MIGRATIONS)
                .schemas(EventLogSchema.SCHEMA)
                .load()
                .migrate();
    }

    private static void append(LocalCluster cluster, int events) throws Exception {
        var database = new PGSimpleDataSource();
        database.setUrl(cluster.jdbcUrl());
        database.setUser("headwater_command");
        database.setPassword(cluster.password());
        try (var log = new EventLog(database)) {
            log.append(
                            new AppendRequest(
                                    IntStream.range(0, events)
                                            .mapToObj(i -> created(UUID.randomUUID()))
                                            .toList(),
                                    AppendCondition.always()))
                    .get(60, TimeUnit.SECONDS);
        }
    }

    private static NewEvent created(UUID id) {
        var record = new RecordRef(MODEL, new RecordId(id.toString()));
        var fields = Json.mapper().createObjectNode().put("name", "parcel " + id);
        return new NewEvent(
                id,
                EventType.RECORD_CREATED,
                EventType.VERSION,
                TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()),
                EventJson.write(new RecordEvent.RecordCreated(record, 1, 1, fields)),
                "{}",
                List.of("record=" + record));
    }

    private static Process relay(LocalCluster cluster, String bootstrapServers) throws Exception {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        Path.of("../../cdc-relay/target/cdc-relay-0.1.0-SNAPSHOT-exec.jar")
                                .toRealPath()
                                .toString());
        var environment = builder.environment();
        environment.put("SERVER_PORT", "0");
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        environment.put("HEADWATER_LOG_URL", cluster.jdbcUrl());
        environment.put("HEADWATER_LOG_USER", "headwater_relay");
        environment.put("HEADWATER_LOG_PASSWORD", cluster.password());
        environment.put("HEADWATER_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        builder.redirectErrorStream(true)
                .redirectOutput(Path.of("target", "official-kafka-relay.log").toFile());
        return builder.start();
    }
}
