package io.headwater.command.imports;

import static io.headwater.command.imports.Importer.CSV;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.command.Client;
import io.headwater.command.RunningService;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each good row is in the log once and in the order of the file, whoever dies and whoever helps.
class ImportCrashTest {
    private static final RunningService SERVICE = ImportService.shared();
    private final Importer importer = new Importer(SERVICE.client());

    @TempDir Path folder;

    @BeforeAll
    static void models() {
        var importer = new Importer(SERVICE.client());
        for (String model : new String[] {"killed", "shared", "moved", "ended"}) {
            importer.define(
                    model,
                    "{\"fields\": {\"n\": {\"type\": \"integer\"}, \"odd\": {\"type\": \"text\", \"unique\": true}}}");
        }
    }

    @Test
    void aServiceThatIsKilledAgainAndAgainGoesOnWhereItWas() {
        int rows = Integer.getInteger("imports.rows", 60_000);
        Path spool = folder.resolve("spool");
        // A heap that could not hold the file.
        try (var service = new ServiceProcess(spool, "-Xmx192m")) {
            String location = upload(service.port(), "killed", rows);
            for (int kills = 1; kills <= 3; kills++) {
                int line =
                        ThreadLocalRandom.current().nextInt(1, rows / 4) + (kills - 1) * rows / 4;
                await().atMost(Duration.ofMinutes(10))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> importer.state(location).path("line").intValue() >= line);
                service.killAndStart();
            }
            var state =
                    await().atMost(Duration.ofMinutes(10))
                            .until(
                                    () -> importer.state(location),
                                    s -> s.path("state").stringValue().equals("done"));
            assertThat(Importer.counts(state))
                    .isEqualTo(
                            "%d created, 0 changed, 0 skipped, %d rejected"
                                    .formatted(rows - rows / 100, rows / 100));
            await().untilAsserted(() -> assertThat(spool).isEmptyDirectory());
        }
        isOnceAndInOrder("killed", rows - rows / 100);
    }

    @Test
    void twoServicesOnOneImportTakeEachRowInOnce() {
        String file = rows(0, 600);
        try (var other =
                SERVICE.another(
                        Map.of(
                                "headwater.imports.chunk-rows",
                                "7",
                                "headwater.spool.directory",
                                folder.resolve("b").toString()))) {
            var first = importer.send("shared", CSV, file, "Idempotency-Key", "both");
            var second =
                    new Importer(other.client())
                            .send("shared", CSV, file, "Idempotency-Key", "both");
            assertThat(second.header("Location")).isEqualTo(first.header("Location"));
            assertThat(Importer.counts(importer.end(first.header("Location"))))
                    .isEqualTo("600 created, 0 changed, 0 skipped, 0 rejected");
        }
        isOnceAndInOrder("shared", 600);
    }

    @Test
    void anImportGoesOnElsewhereWhenItsFileIsSentThereAgain() throws IOException {
        String file = rows(0, 400);
        Path spool = folder.resolve("lost");
        String location;
        try (var first =
                SERVICE.another(
                        Map.of(
                                "headwater.imports.chunk-rows",
                                "5",
                                "headwater.spool.directory",
                                spool.toString()))) {
            location =
                    new Importer(first.client())
                            .send("moved", CSV, file, "Idempotency-Key", "moved")
                            .header("Location");
            await().until(() -> importer.state(location).path("rows").intValue() > 10);
        }
        var left = importer.state(location);
        assertThat(left.path("rows").intValue()).isLessThan(400);
        try (var files = Files.list(spool)) {
            assertThat(files).hasSize(1);
        }
        var again = importer.send("moved", CSV, file, "Idempotency-Key", "moved");
        assertThat(again.header("Location")).isEqualTo(location);
        assertThat(Importer.counts(importer.end(location)))
                .isEqualTo("400 created, 0 changed, 0 skipped, 0 rejected");
        isOnceAndInOrder("moved", 400);
    }

    @Test
    void anImportThatIsEndedKeepsWhatIsInAndTakesNoMore() throws IOException {
        var answer = importer.send("ended", CSV, rows(0, 5_000));
        String location = answer.header("Location");
        await().until(() -> importer.state(location).path("rows").intValue() > 0);
        var ended = SERVICE.client().delete(location).json();
        assertThat(ended.path("state").stringValue()).isEqualTo("cancelled");
        assertThat(ended.path("rows").intValue()).isBetween(1, 4_999);
        await().until(() -> {
            try (var files =
                    Files.list(Path.of(ImportService.setting("headwater.spool.directory")))) {
                return files.findAny().isEmpty();
            }
        });
        assertThat(importer.state(location)).isEqualTo(ended);
        isOnceAndInOrder("ended", ended.path("rows").intValue());
    }

    @Test
    void aDiskWithoutRoomRefusesAndKeepsNothing() throws IOException {
        Path spool = folder.resolve("full");
        try (var full =
                SERVICE.another(
                        Map.of(
                                "headwater.spool.keep-free",
                                "1000000TB",
                                "headwater.spool.directory",
                                spool.toString()))) {
            var answer = new Importer(full.client()).send("ended", CSV, rows(0, 2));
            assertThat(answer.status()).as("%s", answer).isEqualTo(507);
            assertThat(answer.problem()).isEqualTo("no-room");
            assertThat(answer.header("Retry-After")).isNotBlank();
        }
        assertThat(spool).isEmptyDirectory();
    }

    private static void isOnceAndInOrder(String model, int rows) {
        assertThat(
                        SERVICE.text(
                                """
                                SELECT format('%%s rows, %%s ids, %%s out of order', count(*), count(DISTINCT id), count(*) FILTER (WHERE n <= before))
                                  FROM (SELECT payload::jsonb ->> 'id' AS id,
                                               (payload::jsonb #>> '{fields,n}')::bigint AS n,
                                               lag((payload::jsonb #>> '{fields,n}')::bigint) OVER (ORDER BY position) AS before
                                          FROM log.event
                                         WHERE type = 'headwater.RecordCreated'
                                           AND payload::jsonb ->> 'model' = '%s') AS created
                                """
                                        .formatted(model)))
                .isEqualTo("%d rows, %d ids, 0 out of order".formatted(rows, rows));
    }

    /// Every hundredth row is bad.
    private static String row(int n) {
        return n % 100 == 99
                ? "row-%d,bad,\n".formatted(n)
                : "row-%d,%d,%s\n".formatted(n, n, "v" + n);
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> "row-%d,%d,%s\n".formatted(n, n, "v" + n))
                .collect(Collectors.joining("", "id,n,odd\n", ""));
    }

    /// Sends a file that is never in memory as a whole.
    private static String upload(int port, String model, int rows) {
        Iterator<String> lines =
                IntStream.range(-1, rows).mapToObj(n -> n < 0 ? "id,n,odd\n" : row(n)).iterator();
        var answer =
                Client.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:" + port + "/imports/" + model))
                                .header(
                                        "Authorization",
                                        "Bearer " + RunningService.token("tester", "write"))
                                .header("Content-Type", CSV)
                                .POST(
                                        HttpRequest.BodyPublishers.ofInputStream(
                                                () -> new Generated(lines)))
                                .build());
        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        return answer.header("Location");
    }

    private static final class Generated extends InputStream {
        private final Iterator<String> lines;
        private byte[] line = new byte[0];
        private int at;

        private Generated(Iterator<String> lines) {
            this.lines = lines;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (at == line.length) {
                if (!lines.hasNext()) {
                    return -1;
                }
                line = lines.next().getBytes(StandardCharsets.UTF_8);
                at = 0;
            }
            int n = Math.min(length, line.length - at);
            System.arraycopy(line, at, into, from, n);
            at += n;
            return n;
        }
    }
}
