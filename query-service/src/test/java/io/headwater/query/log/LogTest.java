package io.headwater.query.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.headwater.contract.Json;
import io.headwater.query.api.Platform;
import io.headwater.query.api.Platform.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The log over HTTP, and the checker that is not written in Java.
class LogTest {
    private static final Platform platform = Platform.get();
    private static final Path CHECKER = Path.of("../infra/verify-log/verify-log.py");

    @TempDir private static Path folder;

    @BeforeAll
    static void fill() throws Exception {
        platform.superuser(
                """
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags)
                SELECT h.head + n, gen_random_uuid(), 'headwater.RecordCreated', '1', n,
                       '{"model":"m","id":"' || n || '","text":"zwölf 😀 ' || repeat('x', 1500) || '"}', '{"actor":"ä"}', ARRAY['record=m/' || n, E'odd=" \\\\ \\t']
                  FROM (SELECT coalesce(max(position), 0) AS head FROM log.event) h, generate_series(1, 3000) n
                """);
        platform.replicate();
    }

    @Test
    void everyEventIsALineAndAnswersFollowOneAnother() {
        List<String> lines = new ArrayList<>();
        Answer answer = log("/log?limit=1000");
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        lines.addAll(answer.body().lines().toList());
        while (answer.headers().firstValue("Link").isPresent()) {
            String link = answer.header("Link");
            answer = log(link.substring(1, link.indexOf('>')));
            lines.addAll(answer.body().lines().toList());
        }
        assertThat(answer.header("Consistency-Token"))
                .isEqualTo(Platform.EPOCH + "." + lines.size());
        for (int i = 0; i < lines.size(); i++) {
            assertThat(Json.mapper().readTree(lines.get(i)).get("position").longValue())
                    .isEqualTo(i + 1);
        }
        JsonNode last = Json.mapper().readTree(lines.getLast()).get("event");
        assertThat(last.at("/payload/text").stringValue()).startsWith("zwölf 😀 x");
        assertThat(last.at("/metadata/actor").stringValue()).isEqualTo("ä");
        assertThat(last.at("/tags/1").stringValue()).isEqualTo("odd=\" \\ \t");
        assertThat(log("/log?after=" + lines.size()).body()).isEmpty();
    }

    @Test
    void badPlacesAndLimitsAreRefused() {
        assertThat(log("/log?after=x").problem()).isEqualTo("invalid-query");
        assertThat(log("/log?limit=0").problem()).isEqualTo("invalid-query");
        assertThat(log("/log?limit=100001").problem()).isEqualTo("invalid-query");
        assertThat(log("/log?before=1").problem()).isEqualTo("invalid-query");
        assertThat(log("/log?after=00000000.1").problem()).isEqualTo("unknown-epoch");
    }

    @Test
    void theWholeLogNeedsAScopeOfItsOwn() {
        assertThat(platform.get("/log").problem()).isEqualTo("forbidden");
    }

    @Test
    void theCheckerFindsTheLogWholeAndGoesOnFromWhereItWas() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), platform.token("audit"));
        Path state = folder.resolve("state");
        String url = "http://127.0.0.1:" + platform.port();
        String[] arguments = {url, "--token-file", token.toString(), "--state", state.toString()};
        Checked first = check(arguments);
        assertThat(first.output()).startsWith("whole: ");
        assertThat(first.status()).isZero();
        Checked second = check(arguments);
        assertThat(second.output()).startsWith("whole: 0 events after position ");
        String anchor = Files.readString(state).strip();
        Files.writeString(
                state,
                anchor.substring(0, anchor.length() - 1) + (anchor.endsWith("0") ? "1" : "0"));
        platform.superuser(
                "INSERT INTO log.event SELECT max(position) + 1, gen_random_uuid(), 'T', '1', 1, '{}', '{}', '{}' FROM log.event");
        platform.replicate();
        assertThat(check(arguments).status())
                .as("an anchor that the log does not fit")
                .isEqualTo(1);
    }

    @Test
    void oneChangedByteAnywhereIsFoundAndNamed() throws Exception {
        byte[] whole = log("/log?limit=300").body().getBytes(UTF_8);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            byte[] changed = whole.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            long position =
                    1
                            + Arrays.stream(new String(whole, 0, at, ISO_8859_1).split(""))
                                    .filter("\n"::equals)
                                    .count();
            Checked checked = check(Files.write(folder.resolve("changed"), changed).toString());
            assertThat(checked.status()).as("seed %d, byte %d", seed, at).isEqualTo(1);
            assertThat(checked.output())
                    .as("seed %d, byte %d", seed, at)
                    .startsWith("position " + position + ":");
        }
    }

    @Test
    void whatIsLeftOutOrPutInIsFound() throws Exception {
        List<String> lines = log("/log?limit=9").body().lines().toList();
        assertThat(checkLines(lines).status()).isZero();
        assertThat(checkLines(without(lines, 4)).output())
                .startsWith("position 5: missing; the next line says it is position 6\nNOT");
        List<String> twice = new ArrayList<>(lines);
        twice.add(5, lines.get(4));
        assertThat(checkLines(twice).output()).startsWith("position 6: the line says it is");
        assertThat(checkLines(without(lines, 0)).output()).startsWith("position 1: missing");
    }

    private static List<String> without(List<String> lines, int index) {
        List<String> less = new ArrayList<>(lines);
        less.remove(index);
        return less;
    }

    private static Checked checkLines(List<String> lines) throws Exception {
        Path file = folder.resolve("lines");
        Files.writeString(file, String.join("\n", lines) + "\n");
        return check(file.toString());
    }

    private record Checked(int status, String output) {}

    private static Checked check(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", CHECKER.toString()));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException noPython) {
            assumeTrue(false, "python3 is not there: " + noPython.getMessage());
            throw noPython;
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Checked(process.exitValue(), output);
    }

    private static Answer log(String path) {
        return platform.get(path, "Authorization", "Bearer " + platform.token("audit"));
    }
}
