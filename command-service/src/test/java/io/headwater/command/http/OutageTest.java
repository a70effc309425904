package io.headwater.command.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.Client;
import io.headwater.command.Client.Answer;
import io.headwater.command.RunningService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// The database goes away and comes back.
class OutageTest {
    private static final String MODEL =
            "{\"fields\": {\"code\": {\"type\": \"text\", \"unique\": true}}}";

    @Test
    void commandsAreHeldThenRefusedAndGoOnWhenTheDatabaseIsBack() {
        try (var service = RunningService.start(Map.of("headwater.log.outage", "2s"))) {
            Client client = service.client();
            assertThat(client.put("/models/outage", MODEL).status()).isEqualTo(201);
            service.cluster().primary().kill();

            Answer refused = client.post("/records/outage", "{}");
            assertThat(refused.status()).as("%s", refused).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("unavailable");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(health(service, "readiness").status()).isEqualTo(503);
            assertThat(health(service, "liveness").status()).isEqualTo(200);

            service.cluster().primary().start();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> client.post("/records/outage", "{}").status() == 201);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> health(service, "readiness").status() == 200);
        }
    }

    @Test
    void whatIsAcknowledgedIsInTheLogOnceAlsoWhenTheDatabaseIsKilledInBetween() {
        try (var service = RunningService.start(Map.of("headwater.log.outage", "60s"))) {
            Client client = service.client();
            assertThat(client.put("/models/outage", MODEL).status()).isEqualTo(201);
            var acknowledged = new ConcurrentLinkedQueue<String>();
            var other = new ConcurrentLinkedQueue<Answer>();
            var next = new AtomicInteger();
            var writers = new ArrayList<CompletableFuture<Void>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    writers.add(
                            CompletableFuture.runAsync(
                                    () -> write(client, next, acknowledged, other), threads));
                }
                try {
                    for (int kill = 0; kill < 3; kill++) {
                        int mark = acknowledged.size() + 20;
                        Awaitility.await()
                                .atMost(Duration.ofSeconds(60))
                                .until(() -> acknowledged.size() >= mark);
                        service.cluster().primary().kill();
                        service.cluster().primary().start();
                    }
                } finally {
                    next.set(1_000_000);
                }
                writers.forEach(CompletableFuture::join);
            }
            assertThat(other).as("held until the database was back").isEmpty();
            assertThat(
                            service.count(
                                    "SELECT count(*) FROM log.event WHERE type = 'headwater.RecordCreated'"))
                    .isEqualTo(acknowledged.size());
            assertThat(
                            service.count(
                                    "SELECT count(DISTINCT payload::json ->> 'id') FROM log.event"
                                            + " WHERE type = 'headwater.RecordCreated'"))
                    .isEqualTo(acknowledged.size());
        }
    }

    private static void write(
            Client client,
            AtomicInteger next,
            ConcurrentLinkedQueue<String> acknowledged,
            ConcurrentLinkedQueue<Answer> other) {
        int number;
        while ((number = next.getAndIncrement()) < 1_000_000) {
            Answer answer =
                    client.post("/records/outage?id=r" + number, "{\"code\": \"c" + number + "\"}");
            if (answer.status() == 201) {
                acknowledged.add("r" + number);
            } else {
                other.add(answer);
            }
        }
    }

    private static Answer health(RunningService service, String group) {
        return Client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + service.port()
                                                + "/actuator/health/"
                                                + group))
                        .build());
    }
}
