package io.headwater.command.http;

import io.headwater.contract.Excerpt;
import io.headwater.eventstore.EventLogException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/// Turns whatever a route throws into a problem.
@RestControllerAdvice
class ProblemAdvice {
    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    void handle(Exception thrown, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Answers.write(problem(thrown, request), response);
    }

    private static Problem problem(Exception thrown, HttpServletRequest request) {
        return switch (thrown) {
            case ProblemException refused -> refused.problem();
            case EventLogException.Failed failed -> unexpected(failed, request);
            case EventLogException.DuplicateEvent failed -> unexpected(failed, request);
            case EventLogException failure -> {
                log.atWarn().addKeyValue("reason", failure.getMessage()).log("command not taken");
                yield Problems.of(failure);
            }
            case HttpRequestMethodNotSupportedException wrong -> methodNotAllowed(wrong);
            case NoHandlerFoundException _, NoResourceFoundException _ ->
                    Problems.unknownRoute(Excerpt.of(request.getRequestURI()));
            // The client is gone, or sent less than it said.
            case IOException _ -> Problems.badRequest("The body ended early");
            case ErrorResponse known when known.getStatusCode().is4xxClientError() ->
                    new Problem(
                            known.getStatusCode().value(),
                            "bad-request",
                            "The request is not valid",
                            Excerpt.of(String.valueOf(known.getBody().getDetail())));
            default ->
                    thrown.getClass().getName().startsWith("org.apache.")
                            ? Problems.badRequest("A parameter or the body cannot be read")
                            : unexpected(thrown, request);
        };
    }

    private static Problem unexpected(Exception thrown, HttpServletRequest request) {
        log.atError()
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", Excerpt.of(request.getRequestURI()))
                .setCause(thrown)
                .log("request failed");
        return Problems.unexpected();
    }

    private static Problem methodNotAllowed(HttpRequestMethodNotSupportedException wrong) {
        String[] methods = wrong.getSupportedMethods();
        String allowed = methods == null ? "" : String.join(", ", methods);
        return new Problem(
                        405,
                        "method-not-allowed",
                        "The route does not take this method",
                        "It takes " + allowed)
                .withHeader(HttpHeaders.ALLOW, allowed);
    }
}
