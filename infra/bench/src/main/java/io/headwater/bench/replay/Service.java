package io.headwater.bench.replay;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// One service, asked over HTTP, again and again where it is away or too busy. Every request may be
/// sent twice: it asks, or it has an `Idempotency-Key`. Safe for concurrent use.
final class Service implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final URI service;

    Service(URI service) {
        this.service = service;
    }

    /// @param body empty for none
    /// @param headers names and values in turn
    /// @return an answer that is final: another time it would be the same
    /// @throws ReplayStopped if there is none within two minutes
    HttpResponse<String> send(
            String method, String path, String token, String body, String... headers)
            throws ReplayStopped {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(service.resolve(path))
                        .timeout(ANSWER)
                        .header("Authorization", "Bearer " + token)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    private HttpResponse<String> send(HttpRequest request) throws ReplayStopped {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (long pause = 20; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            String trouble;
            try {
                HttpResponse<String> answer =
                        http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 503 && !isConflict(answer)) {
                    return answer;
                }
                trouble = answer.body();
            } catch (IOException away) {
                trouble = away.toString();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ReplayStopped("Interrupted");
            }
            if (System.nanoTime() > deadline) {
                throw new ReplayStopped(
                        "%s %s: no answer for %d s: %s"
                                .formatted(
                                        request.method(),
                                        request.uri(),
                                        PATIENCE.toSeconds(),
                                        trouble));
            }
            pause(pause);
        }
    }

    private static boolean isConflict(HttpResponse<String> answer) {
        return answer.statusCode() == 409 && answer.body().contains("/problems/conflict\"");
    }

    private static void pause(long millis) throws ReplayStopped {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ReplayStopped("Interrupted");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
