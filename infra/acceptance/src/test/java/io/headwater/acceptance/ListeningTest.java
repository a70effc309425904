package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.contract.Json;
import io.headwater.local.LocalPart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// The query service and the standby are killed under load: a client of `GET /changes` that comes
/// back with `Last-Event-ID` gets every change once and in order, and the chain of `GET /log` is
/// whole.
class ListeningTest {
    private static final String MODEL = "account";
    private static final String DEFINITION =
            """
            {"fields": {"name":   {"type": "text", "required": true},
                        "amount": {"type": "decimal", "precision": 14, "scale": 2}}}
            """;

    @Test
    void whoeverComesBackMissesNothingAndSeesNothingTwice() throws Exception {
        try (var scene = new Scene();
                var listener = new Listener(scene)) {
            scene.define(MODEL, DEFINITION);
            try (var load = new Load(scene.commands, MODEL)) {
                load.start(4, 7);
                for (LocalPart victim :
                        List.of(scene.platform.query(), scene.platform.cluster().standby())) {
                    int until = listener.seen.size() + 50;
                    await().atMost(Duration.ofMinutes(2))
                            .until(() -> listener.seen.size() >= until);
                    victim.kill();
                    victim.start();
                }
                load.stop();
                assertThat(load.unexpected()).as("answers nobody should get").isEmpty();
            }
            List<Long> changes = changes(scene);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> listener.seen.size() >= changes.size());
            assertThat(List.copyOf(listener.seen)).isEqualTo(changes);
            requireWholeChain(scene);
        }
    }

    /// Positions of all events that are changes: answers to commands are none.
    private static List<Long> changes(Scene scene) throws Exception {
        var positions = new ArrayList<Long>();
        try (var connection = scene.platform.cluster().superuser();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT position FROM log.event WHERE type <> 'headwater.CommandAnswered' ORDER BY position")) {
            while (rows.next()) {
                positions.add(rows.getLong(1));
            }
        }
        return positions;
    }

    private static void requireWholeChain(Scene scene) throws Exception {
        var auditor = new Client(scene.platform.query().url(), scene.platform.token("audit"));
        var sha256 = MessageDigest.getInstance("SHA-256");
        byte[] hash = new byte[32];
        List<Long> positions = new ArrayList<>();
        String path = "/log?limit=500";
        while (!path.isEmpty()) {
            Answer answer = auditor.get(path);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            for (String line : answer.response().body().lines().toList()) {
                String event = line.substring(line.indexOf("\"event\":") + 8, line.length() - 1);
                byte[] digest = sha256.digest(event.getBytes(StandardCharsets.UTF_8));
                sha256.update(hash);
                hash = sha256.digest(digest);
                var json = Json.mapper().readTree(line);
                assertThat(HexFormat.of().formatHex(hash))
                        .isEqualTo(json.path("hash").stringValue());
                positions.add(json.path("position").longValue());
            }
            path =
                    answer.response()
                            .headers()
                            .firstValue("Link")
                            .map(link -> link.substring(1, link.indexOf('>')))
                            .orElse("");
        }
        assertThat(positions)
                .isEqualTo(LongStream.rangeClosed(1, positions.size()).boxed().toList());
    }

    /// Listens from the start of the log, and comes back whenever the connection ends.
    private static final class Listener implements AutoCloseable {
        private final ConcurrentLinkedQueue<Long> seen = new ConcurrentLinkedQueue<>();
        private final Scene scene;
        private final CompletableFuture<Void> done;
        private String lastId = "";
        private volatile boolean closed;

        Listener(Scene scene) {
            this.scene = scene;
            this.done =
                    CompletableFuture.runAsync(
                            this::listen, task -> Thread.ofVirtual().start(task));
        }

        private void listen() {
            while (!closed) {
                try {
                    listenOnce();
                } catch (IOException away) {
                    LockSupport.parkNanos(20_000_000);
                }
            }
        }

        private void listenOnce() throws IOException {
            var connection =
                    (HttpURLConnection)
                            scene.platform
                                    .query()
                                    .url()
                                    .resolve("/changes?after=0")
                                    .toURL()
                                    .openConnection();
            connection.setReadTimeout(30_000);
            connection.setRequestProperty(
                    "Authorization", "Bearer " + scene.platform.token("read"));
            if (!lastId.isEmpty()) {
                connection.setRequestProperty("Last-Event-ID", lastId);
            }
            try (var in =
                    new BufferedReader(
                            new InputStreamReader(
                                    connection.getInputStream(), StandardCharsets.UTF_8))) {
                String id = "";
                String data = "";
                for (String line = in.readLine(); line != null && !closed; line = in.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: {\"specversion\"")) {
                        data = line;
                    } else if (line.isEmpty()) {
                        if (!data.isEmpty()) {
                            seen.add(Long.parseLong(id.substring(id.indexOf('.') + 1)));
                        }
                        lastId = id.isEmpty() ? lastId : id;
                        id = "";
                        data = "";
                    }
                }
            } finally {
                connection.disconnect();
            }
        }

        @Override
        public void close() {
            closed = true;
            done.cancel(true);
        }
    }
}
