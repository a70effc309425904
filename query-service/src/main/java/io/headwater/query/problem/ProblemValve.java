package io.headwater.query.problem;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/// Answers as a problem detail what Tomcat itself refuses before any of our code runs: a malformed
/// request line, headers beyond their bound. Public, with a public constructor, because Tomcat
/// makes it by name.
public final class ProblemValve extends ErrorReportValve {

    public ProblemValve() {}

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.getOutputStream().write(Problem.json(status));
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // Whoever asked is gone, or has been answered.
        }
    }
}
