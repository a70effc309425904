package io.headwater.command.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.command.Client;
import io.headwater.command.Client.Answer;
import io.headwater.contract.Json;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Sends files over HTTP, and waits for their imports.
record Importer(Client client) {
    static final String CSV = "text/csv";
    static final String NDJSON = "application/x-ndjson";

    /// Lines of the download as `4 /country unresolved-reference`.
    List<String> reasons(JsonNode state) {
        return rejected(state).stream().map(Importer::reason).toList();
    }

    private static String reason(String line) {
        JsonNode row = Json.mapper().readTree(line);
        return row.path("line").asString()
                + " "
                + row.at("/errors/0/pointer").stringValue()
                + " "
                + row.at("/errors/0/code").stringValue();
    }

    static String counts(JsonNode state) {
        return "%d created, %d changed, %d skipped, %d rejected"
                .formatted(
                        state.path("created").longValue(),
                        state.path("changed").longValue(),
                        state.path("skipped").longValue(),
                        state.path("rejected").longValue());
    }

    Answer send(String target, String type, String file, String... headers) {
        return client.send(
                "POST",
                "/imports/" + target,
                file,
                Stream.concat(Stream.of("Content-Type", type), Stream.of(headers))
                        .toArray(String[]::new));
    }

    /// Sends a file and waits for its end.
    JsonNode run(String target, String type, String file, String... headers) {
        var answer = send(target, type, file, headers);
        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        return end(answer.header("Location"));
    }

    JsonNode end(String location) {
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> state(location), state -> !state.path("endedAt").isMissingNode());
    }

    JsonNode state(String location) {
        var answer = client.send("GET", location, null);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json();
    }

    /// Lines of the download of rejected rows.
    List<String> rejected(JsonNode state, String... headers) {
        var answer = client.send("GET", state.path("rejectedRows").stringValue(), null, headers);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.response().body().lines().toList();
    }

    void define(String model, String definition) {
        var answer = client.put("/models/" + model, definition);
        assertThat(answer.status()).as("%s", answer).isBetween(200, 201);
    }
}
