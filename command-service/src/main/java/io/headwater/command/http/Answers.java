package io.headwater.command.http;

import io.headwater.command.ledger.Outcome;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Json;
import io.headwater.eventstore.EventLog;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// Writes answers. Safe for concurrent use.
public final class Answers {
    private final EventLog log;

    public Answers(EventLog log) {
        this.log = log;
    }

    /// Answers an accepted command; a refused one is a [ProblemException].
    public <R> void write(Outcome<R> outcome, HttpServletResponse response) throws IOException {
        switch (outcome) {
            case Outcome.Refused<R>(var refusal) ->
                    throw new ProblemException(Problems.of(refusal));
            case Outcome.Accepted<R> accepted -> {
                var reply = accepted.reply();
                response.setStatus(reply.status());
                reply.headers().forEach(response::setHeader);
                response.setHeader(
                        ConsistencyToken.HEADER,
                        new ConsistencyToken(log.epoch(), accepted.position()).toString());
                if (accepted.isRepeated()) {
                    response.setHeader("Idempotency-Replayed", "true");
                }
                if (reply.body() != null) {
                    body(
                            response,
                            "application/json",
                            Json.mapper().writeValueAsBytes(reply.body()));
                }
            }
        }
    }

    static void write(Problem problem, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        problem.headers().forEach(response::setHeader);
        body(response, Problem.MEDIA_TYPE, problem.body());
    }

    private static void body(HttpServletResponse response, String mediaType, byte[] body)
            throws IOException {
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
