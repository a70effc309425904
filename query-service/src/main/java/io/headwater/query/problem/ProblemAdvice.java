package io.headwater.query.problem;

import io.headwater.contract.ConsistencyToken;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/// Turns whatever ends a request into a problem detail.
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Object> refused(Refusal refusal, HttpServletResponse response) {
        if (response.isCommitted()) {
            throw refusal; // so that Tomcat cuts the connection
        }
        var headers = new HttpHeaders();
        if (refusal.retryAfterSeconds() != null) {
            headers.set(HttpHeaders.RETRY_AFTER, refusal.retryAfterSeconds().toString());
        }
        if (refusal.seen() != null) {
            headers.set(ConsistencyToken.HEADER, refusal.seen().toString());
        }
        return answer(
                refusal.status(),
                headers,
                Problem.json(
                        refusal.status(),
                        refusal.code(),
                        refusal.title(),
                        refusal.detail(),
                        refusal.flaws()));
    }

    /// What is no expected refusal is a fault of ours: its cause is for the log, not for the
    /// client.
    @ExceptionHandler
    ResponseEntity<Object> failed(Exception failure, HttpServletResponse response)
            throws Exception {
        if (response.isCommitted()) {
            LOG.atWarn().log("an answer was cut off: {}", failure.toString());
            throw failure;
        }
        if (failure instanceof AccessDeniedException
                || failure instanceof AuthenticationException
                || failure instanceof ClientAbortException) {
            throw failure; // the security filters answer; or nobody listens any more
        }
        LOG.atError().setCause(failure).log("a request failed");
        return answer(500, new HttpHeaders(), Problem.json(500));
    }

    /// The framework's own refusals: no such route, method, media type.
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception refusal,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        int code = status.value();
        var answered = new HttpHeaders(headers);
        return answer(
                code,
                answered,
                switch (code) {
                    case 405 ->
                            Problem.json(
                                    code,
                                    "method-not-allowed",
                                    "Method not allowed",
                                    "This route takes "
                                            + String.join(
                                                    ", ", headers.getOrEmpty(HttpHeaders.ALLOW)),
                                    List.of());
                    case 406 ->
                            Problem.json(
                                    code,
                                    "not-acceptable",
                                    "No such representation",
                                    "Answers are JSON; send Accept: application/json or none",
                                    List.of());
                    case 415 ->
                            Problem.json(
                                    code,
                                    "unsupported-media-type",
                                    "Unsupported media type",
                                    "Send JSON, with Content-Type: application/json",
                                    List.of());
                    default -> Problem.json(code);
                });
    }

    private static ResponseEntity<Object> answer(int status, HttpHeaders headers, byte[] problem) {
        headers.setContentType(MediaType.parseMediaType(Problem.MEDIA_TYPE));
        return ResponseEntity.status(status).headers(headers).body(problem);
    }
}
