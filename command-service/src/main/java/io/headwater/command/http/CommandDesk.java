package io.headwater.command.http;

import io.headwater.command.ledger.Commands;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Outcome;
import io.headwater.command.ledger.Slice;
import io.headwater.command.ledger.Submission;
import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.ValidFrom;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Takes commands from requests to answers: checks and reads the request within bounds, sends the
/// command, writes the answer. Safe for concurrent use.
public final class CommandDesk {
    private static final Set<String> JSON = Set.of("application/json");
    private static final Set<String> PATCH =
            Set.of("application/merge-patch+json", "application/json");

    private final Commands commands;
    private final Answers answers;
    private final HttpLimits limits;
    private final Gate gate;

    public CommandDesk(Commands commands, Answers answers, HttpLimits limits) {
        this.commands = commands;
        this.answers = answers;
        this.limits = limits;
        this.gate = new Gate(limits);
    }

    public HttpLimits limits() {
        return limits;
    }

    /// What sort of body a route takes.
    public enum Body {
        RECORD,
        PATCH,
        BATCH
    }

    /// Serves a command with a body.
    ///
    /// @param read makes the command of the body
    public <C, R> void serve(
            HttpServletRequest request,
            HttpServletResponse response,
            Slice<C, R> slice,
            Body kind,
            Function<JsonNode, C> read)
            throws IOException {
        JsonBody.requireJson(request, kind == Body.PATCH ? PATCH : JSON);
        long most = (kind == Body.BATCH ? limits.batch() : limits.record()).toBytes();
        String what = kind == Body.BATCH ? "A batch" : "A record or model";
        if (request.getContentLengthLong() > most) {
            throw new ProblemException(Problems.tooLarge(what, most));
        }
        long given = request.getContentLengthLong();
        try (var room = gate.body(given < 0 ? most : given)) {
            byte[] body = JsonBody.read(request, what, most);
            C command = read.apply(JsonBody.parse(body));
            send(slice, command, Submissions.of(request, body), response);
        }
    }

    /// Serves a command without a body.
    public <C, R> void serve(
            HttpServletRequest request, HttpServletResponse response, Slice<C, R> slice, C command)
            throws IOException {
        send(slice, command, Submissions.of(request, new byte[0]), response);
    }

    private <C, R> void send(
            Slice<C, R> slice, C command, Submission submission, HttpServletResponse response)
            throws IOException {
        Outcome<R> outcome;
        try (var turn = gate.turn()) {
            outcome = commands.send(slice, command, submission);
        }
        answers.write(outcome, response);
    }

    /// @throws ProblemException 400, if a precondition is not valid
    public Expected expected(HttpServletRequest request) {
        return Preconditions.of(request);
    }

    /// Since when the change is so in the world: `Valid-From`.
    ///
    /// @return null if it is not given
    /// @throws ProblemException 400, if it is not valid
    public static @Nullable Instant validFrom(HttpServletRequest request) {
        String given = request.getHeader(ValidFrom.HEADER);
        return given == null
                ? null
                : ValidFrom.parse(given.strip())
                        .orElseThrow(() ->
                                new ProblemException(
                                        Problems.invalidHeader(ValidFrom.HEADER, ValidFrom.RULE)));
    }

    /// The value of a query parameter.
    ///
    /// @param known names that the route takes
    /// @return null if it is not given
    /// @throws ProblemException 400, if there is one of another name, or one twice
    public static @Nullable String parameter(
            HttpServletRequest request, String name, Set<String> known) {
        var faults = new ArrayList<Fault>();
        request.getParameterMap()
                .forEach((given, values) -> {
                    if (!known.contains(given)) {
                        faults.add(
                                new Fault(
                                        Excerpt.of(given),
                                        "unknown-parameter",
                                        known.isEmpty()
                                                ? "This route takes no query parameters"
                                                : "Not known here; known are "
                                                        + String.join(", ", known)));
                    } else if (values.length > 1) {
                        faults.add(new Fault(given, "repeated-parameter", "Give it once"));
                    }
                });
        if (!faults.isEmpty()) {
            throw new ProblemException(
                    Problems.unknownParameters(faults.stream().limit(100).toList()));
        }
        return request.getParameter(name);
    }

    /// @throws ProblemException 400, if there is a query parameter
    public static void noParameters(HttpServletRequest request) {
        parameter(request, "", Set.of());
    }

    /// A query parameter that is `true` or `false`; false if it is not given.
    public static boolean flag(HttpServletRequest request, String name, Set<String> known) {
        String value = parameter(request, name, known);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new ProblemException(
                Problems.unknownParameters(List.of(new Fault(name, "type", "true or false"))));
    }
}
