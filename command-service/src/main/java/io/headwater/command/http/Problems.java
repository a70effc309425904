package io.headwater.command.http;

import io.headwater.command.ledger.Refusal;
import io.headwater.contract.Fault;
import io.headwater.eventstore.EventLogException;
import java.util.List;

/// Every kind of problem, in one place. What `docs/problems.md` says of them holds.
public final class Problems {
    private Problems() {}

    static Problem of(Refusal refusal) {
        Kind kind =
                switch (refusal.reason()) {
                    case UNKNOWN_MODEL -> new Kind(404, "unknown-model", "No such model");
                    case MODEL_RETIRED -> new Kind(410, "model-retired", "The model is retired");
                    case MODEL_REFERENCED ->
                            new Kind(409, "model-referenced", "Other models refer to the model");
                    case INVALID_MODEL -> new Kind(422, "invalid-model", "The model is not valid");
                    case INCOMPATIBLE_CHANGE ->
                            new Kind(409, "incompatible-change", "The change could break records");
                    case UNKNOWN_QUERY -> new Kind(404, "unknown-query", "No such query");
                    case QUERY_RETIRED -> new Kind(410, "query-retired", "The query is retired");
                    case INVALID_QUERY -> new Kind(422, "invalid-query", "The query is not valid");
                    case BREAKING_CHANGE ->
                            new Kind(409, "breaking-change", "The change could break callers");
                    case UNKNOWN_RECORD -> new Kind(404, "unknown-record", "No such record");
                    case RECORD_EXISTS ->
                            new Kind(409, "record-exists", "The record is there already");
                    case ALREADY_THERE -> new Kind(412, "already-there", "It is there already");
                    case INVALID_RECORD ->
                            new Kind(422, "invalid-record", "The record is not valid");
                    case STALE_REVISION ->
                            new Kind(412, "stale-revision", "It was changed meanwhile");
                    case NOT_UNIQUE -> new Kind(409, "not-unique", "The value is taken");
                    case UNRESOLVED_REFERENCE ->
                            new Kind(409, "unresolved-reference", "The reference leads nowhere");
                    case STILL_REFERENCED ->
                            new Kind(409, "still-referenced", "Other records refer to the record");
                    case CASCADE_TOO_LARGE ->
                            new Kind(409, "cascade-too-large", "The deletion reaches too far");
                    case IDEMPOTENCY_KEY_REUSED ->
                            new Kind(
                                    422,
                                    "idempotency-key-reused",
                                    "The key belongs to another request");
                    case CONFLICT -> new Kind(409, "conflict", "Others were faster");
                };
        return kind.problem(refusal.detail()).withFaults(refusal.faults());
    }

    static Problem of(EventLogException failure) {
        return switch (failure) {
            case EventLogException.TooLarge large ->
                    new Problem(
                            413,
                            "command-too-large",
                            "The command is too large",
                            "What the command would write is over a bound. "
                                    + large.getMessage()
                                    + ". Nothing was changed");
            case EventLogException.UnstorableText text ->
                    new Problem(
                            422,
                            "invalid-record",
                            "The record is not valid",
                            String.valueOf(text.getMessage()));
            case EventLogException.QueueFull _ ->
                    overloaded("Too many changes are waiting to be written; nothing was changed");
            case EventLogException.Conflict _ ->
                    new Problem(409, "conflict", "Others were faster", "Send the command again");
            case EventLogException.OutcomeUnknown _ ->
                    retry(
                            new Problem(
                                    503,
                                    "outcome-unknown",
                                    "It is not known whether the command was carried out",
                                    "The connection to the database was lost at the moment of"
                                            + " commit. Read before you send the command again, or"
                                            + " send it with its Idempotency-Key"),
                            5);
            case EventLogException.Unavailable _, EventLogException.Closed _ ->
                    retry(
                            new Problem(
                                    503,
                                    "unavailable",
                                    "The database is away",
                                    "Nothing was changed. Send the command again in a while"),
                            5);
            case EventLogException.DuplicateEvent _, EventLogException.Failed _ -> unexpected();
        };
    }

    static Problem overloaded(String detail) {
        return retry(new Problem(503, "overloaded", "Too much to do", detail), 1);
    }

    static Problem unexpected() {
        return new Problem(
                500,
                "unexpected",
                "Something went wrong here",
                "The fault is on this side and is written to its log");
    }

    public static Problem unknownRoute(String path) {
        return new Problem(404, "unknown-route", "No such route", "There is nothing at " + path);
    }

    public static Problem invalidId(String detail) {
        return new Problem(400, "invalid-id", "The path names nothing that could exist", detail);
    }

    static Problem invalidHeader(String name, String detail) {
        return new Problem(400, "invalid-header", "A header is not valid", name + ": " + detail);
    }

    static Problem malformedJson(String detail) {
        return new Problem(400, "malformed-json", "The body is no JSON", detail);
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "bad-request", "The request is not valid", detail);
    }

    static Problem unknownParameters(List<Fault> faults) {
        return new Problem(
                        400,
                        "invalid-parameter",
                        "A query parameter is not valid",
                        faults.getFirst().detail())
                .withParameters(faults);
    }

    static Problem tooLarge(String what, long most) {
        return new Problem(
                413,
                "body-too-large",
                "The body is too large",
                "%s has at most %,d bytes".formatted(what, most));
    }

    private static Problem retry(Problem problem, int seconds) {
        return problem.withHeader("Retry-After", String.valueOf(seconds));
    }

    private record Kind(int status, String code, String title) {
        Problem problem(String detail) {
            return new Problem(status, code, title, detail);
        }
    }
}
