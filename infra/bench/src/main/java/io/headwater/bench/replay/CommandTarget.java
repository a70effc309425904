package io.headwater.bench.replay;

import io.headwater.bench.mapping.Mapping;
import io.headwater.bench.mapping.ModelMapping;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.ValidFrom;
import java.io.IOException;
import java.net.http.HttpResponse;

/// Sends commits to a command service, each part once, whatever is sent twice. Not safe for
/// concurrent use.
final class CommandTarget implements Replay.Target {
    private final Service service;
    private final Authors authors;
    private final Mapping mapping;

    CommandTarget(Service service, Authors authors, Mapping mapping) {
        this.service = service;
        this.authors = authors;
        this.mapping = mapping;
    }

    /// Defines the models of the mapping, or evolves them.
    ///
    /// @throws ReplayStopped if one is refused
    void define(String actor) throws IOException {
        for (ModelMapping model : mapping.inOrder()) {
            HttpResponse<String> answer =
                    service.send(
                            "PUT",
                            "/models/" + model.model(),
                            authors.token(actor),
                            model.definition().toJson().toString());
            if (answer.statusCode() / 100 != 2) {
                throw new ReplayStopped(
                        "The model %s is refused: %s".formatted(model.model(), answer.body()));
            }
        }
    }

    @Override
    public String send(
            String hash, int part, int parts, String actor, String validFrom, String body)
            throws IOException {
        // Another mapping makes another request of the same commit.
        String key = "%s.%s.%d.%d".formatted(hash, mapping.digest(), part, parts);
        HttpResponse<String> answer =
                service.send(
                        "POST",
                        "/commands",
                        authors.token(actor),
                        body,
                        ValidFrom.HEADER,
                        validFrom,
                        "Idempotency-Key",
                        key,
                        "X-Request-Id",
                        hash);
        if (answer.statusCode() / 100 != 2) {
            throw new ReplayStopped(
                    "Commit %s, part %d of %d, is refused with %d: %s"
                            .formatted(hash, part, parts, answer.statusCode(), answer.body()));
        }
        return answer.headers().firstValue(ConsistencyToken.HEADER).orElseThrow();
    }
}
