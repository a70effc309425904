package io.headwater.local;

import io.headwater.contract.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Loads [DemoRecord]s over HTTP as any client would: models first, then records in atomic batches,
/// each record put under its own id. Doing it again changes nothing that is as it should be.
final class Demo {
    static final List<String> MODELS =
            List.of(
                    "currency",
                    "language",
                    "country",
                    "country_language",
                    "standard_time",
                    "time_zone");
    private static final int BATCH = 500;

    private final URI commands;
    private final URI queries;
    private final String token;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private String position = "";

    Demo(LocalPlatform platform) {
        this.commands = platform.command().url();
        this.queries = platform.query().url();
        this.token = platform.token("read", "write", "model-admin");
    }

    /// Returns when a query shows all of it.
    ///
    /// @return how many records of each model were sent
    /// @throws LocalFailure if a service refuses something; says what
    Map<String, Integer> load() {
        for (String model : MODELS) {
            send("PUT", commands.resolve("/models/" + model), definition(model));
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<DemoRecord> batch = new ArrayList<>();
        DemoRecord.all()
                .forEach(record -> {
                    counts.merge(record.model(), 1, Integer::sum);
                    batch.add(record);
                    if (batch.size() == BATCH) {
                        put(batch);
                    }
                });
        put(batch);
        awaitVisible();
        return counts;
    }

    private void put(List<DemoRecord> batch) {
        if (batch.isEmpty()) {
            return;
        }
        ObjectNode body = Json.mapper().createObjectNode();
        ArrayNode operations = body.putArray("operations");
        for (DemoRecord record : batch) {
            operations
                    .addObject()
                    .put("op", "put")
                    .put("model", record.model())
                    .put("id", record.id())
                    .set("fields", record.fields());
        }
        send("POST", commands.resolve("/commands"), body.toString());
        batch.clear();
    }

    private void awaitVisible() {
        if (position.isEmpty()) {
            return;
        }
        exchange(
                request(queries.resolve("/models"))
                        .header("Consistency-At-Least", position)
                        .header("Prefer", "wait=30")
                        .GET()
                        .build());
    }

    private void send(String method, URI uri, String body) {
        HttpResponse<String> answer =
                exchange(
                        request(uri)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build());
        position = answer.headers().firstValue("Consistency-Token").orElse(position);
    }

    private HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token);
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new LocalFailure(
                        "The demonstration stopped: %s %s answered %d %s"
                                .formatted(
                                        request.method(),
                                        request.uri(),
                                        answer.statusCode(),
                                        answer.body()));
            }
            return answer;
        } catch (IOException broken) {
            throw new LocalFailure(
                    "The demonstration stopped: "
                            + request.uri()
                            + " does not answer ("
                            + broken
                            + ").",
                    broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted in the demonstration.", interrupted);
        }
    }

    static String definition(String model) {
        try (InputStream stream = Demo.class.getResourceAsStream("demo/" + model + ".json")) {
            if (stream == null) {
                throw new IllegalStateException(
                        "demo/" + model + ".json is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// @param header file with the header that carries a token, for `curl -H @file`
    void printQueries(PrintStream out, Path header) {
        String curl = "  curl -sSg -H @" + header + " '" + queries;
        out.println("Countries that pay in euro:");
        out.println(curl + "/records/country?filter[currency][eq]=EUR&sort=name&page[size]=5'");
        out.println("Languages of Switzerland:");
        out.println(curl + "/records/country_language?filter[country][eq]=CH'");
        out.println("Time zones ahead of UTC by more than twelve hours:");
        out.println(
                curl + "/records/time_zone?filter[offsetSeconds][gt]=43200&sort=-offsetSeconds'");
        out.flush();
    }
}
