package io.headwater.command.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/// What Tomcat says of requests that it refuses itself: bad request lines, headers beyond bounds.
/// Made by Tomcat by its name.
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            Answers.write(problem(status), response.getResponse());
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // The client is gone.
        }
    }

    static Problem problem(int status) {
        return switch (status) {
            case 404 -> new Problem(404, "unknown-route", "No such route", "There is nothing here");
            case 405 ->
                    new Problem(
                            405,
                            "method-not-allowed",
                            "The route does not take this method",
                            "See the documentation for the methods that it takes");
            case 413 -> new Problem(413, "body-too-large", "The body is too large", "Send less");
            case 414, 431 ->
                    new Problem(
                            status,
                            "headers-too-large",
                            "The request line or the headers are too large",
                            "Together they have at most 16 KiB");
            case 501, 505 ->
                    new Problem(
                            status,
                            "unsupported-http",
                            "The request asks for HTTP that is not spoken here",
                            "Send HTTP/1.1 with a plain or chunked body");
            default ->
                    status < 500
                            ? new Problem(
                                    status,
                                    "bad-request",
                                    "The request is not valid",
                                    "The request line, the path or a header is not valid HTTP")
                            : Problems.unexpected();
        };
    }
}
