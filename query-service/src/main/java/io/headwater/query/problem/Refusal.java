package io.headwater.query.problem;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that is answered by a problem detail. Thrown, since it ends the request wherever it is
/// found; it has no stack trace, since it is no fault of the service.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String title;
    private final transient List<Flaw> flaws;
    private final int retryAfterSeconds;
    private final transient @Nullable ConsistencyToken seen;

    /// One thing wrong with a request.
    ///
    /// @param place where it stands: the JSON member of the problem that names it
    /// @param name of the query parameter, header or path variable; or a JSON Pointer into the body
    public record Flaw(Place place, String name, String code, String detail) {}

    /// Where a flaw can stand.
    public enum Place {
        PARAMETER,
        POINTER,
        HEADER
    }

    private Refusal(
            int status,
            String code,
            String title,
            String detail,
            List<Flaw> flaws,
            int retryAfterSeconds,
            @Nullable ConsistencyToken seen) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.title = title;
        this.flaws = List.copyOf(flaws);
        this.retryAfterSeconds = retryAfterSeconds;
        this.seen = seen;
    }

    /// A refusal without further parts.
    ///
    /// @param code kind of problem, stable: the end of its `type`
    /// @param detail what was wrong and what to do
    public static Refusal of(int status, String code, String title, String detail) {
        return new Refusal(status, code, title, detail, List.of(), 0, null);
    }

    /// Asks to try again: 503 with `Retry-After`.
    public static Refusal later(String code, String title, String detail) {
        return new Refusal(503, code, title, detail, List.of(), 1, null);
    }

    /// 400 for one flaw.
    public static Refusal badInput(Place place, String name, String code, String detail) {
        return badInput(List.of(new Flaw(place, name, code, detail)));
    }

    /// 400 for all these flaws of one place.
    public static Refusal badInput(Place place, List<Fault> faults) {
        return badInput(
                faults.stream()
                        .map(fault ->
                                new Flaw(place, fault.pointer(), fault.code(), fault.detail()))
                        .toList());
    }

    /// 400 for all these flaws.
    public static Refusal badInput(List<Flaw> flaws) {
        String detail =
                flaws.size() == 1
                        ? flaws.getFirst().detail()
                        : "%d things are wrong with the request; see errors"
                                .formatted(flaws.size());
        return new Refusal(400, "invalid-query", "The query is not valid", detail, flaws, 0, null);
    }

    /// The same, telling how much of the log it is founded on.
    public Refusal seenAt(@Nullable ConsistencyToken token) {
        return new Refusal(status, code, title, detail(), flaws, retryAfterSeconds, token);
    }

    public @Nullable ConsistencyToken seen() {
        return seen;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String title() {
        return title;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<Flaw> flaws() {
        return flaws;
    }

    /// Value of `Retry-After`; null for none.
    public @Nullable Integer retryAfterSeconds() {
        return retryAfterSeconds == 0 ? null : retryAfterSeconds;
    }
}
