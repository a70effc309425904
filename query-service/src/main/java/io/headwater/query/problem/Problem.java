package io.headwater.query.problem;

import io.headwater.contract.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// A problem detail (RFC 9457) as JSON. `type` is `https://headwater.io/problems/<code>`.
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";
    private static final String TYPES = "https://headwater.io/problems/";

    private Problem() {}

    static byte[] json(
            int status, String code, String title, String detail, List<Refusal.Flaw> flaws) {
        ObjectNode problem = Json.mapper().createObjectNode();
        problem.put("type", TYPES + code)
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        if (!flaws.isEmpty()) {
            var errors = problem.putArray("errors");
            for (Refusal.Flaw flaw : flaws) {
                errors.addObject()
                        .put(member(flaw.place()), flaw.name())
                        .put("code", flaw.code())
                        .put("detail", flaw.detail());
            }
        }
        return problem.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The problem of a bare status, where nothing more is known.
    static byte[] json(int status) {
        return switch (status) {
            case 400 ->
                    json(
                            status,
                            "malformed-request",
                            "The request is malformed",
                            "The request line, a header or the path is not well-formed");
            case 404 -> json(status, "not-found", "Nothing is here", "There is no such route");
            case 405 ->
                    json(
                            status,
                            "method-not-allowed",
                            "Method not allowed",
                            "This route has no such method; see Allow");
            case 413 -> json(status, "too-large", "The request is too large", "Send less");
            case 414 ->
                    json(
                            status,
                            "too-large",
                            "The URL is too long",
                            "Ask with POST /records/{model}/query");
            case 431 ->
                    json(status, "too-large", "The headers are too large", "Send shorter headers");
            case 503 ->
                    json(
                            status,
                            "unavailable",
                            "Not available",
                            "The service cannot answer just now; try again in a moment");
            default ->
                    status >= 500
                            ? json(
                                    status,
                                    "internal",
                                    "The service failed",
                                    "Something went wrong here, not in your request; it is in the log of the service")
                            : json(
                                    status,
                                    "refused",
                                    "The request is refused",
                                    "The request cannot be served");
        };
    }

    private static byte[] json(int status, String code, String title, String detail) {
        return json(status, code, title, detail, List.of());
    }

    private static String member(Refusal.Place place) {
        return switch (place) {
            case PARAMETER -> "parameter";
            case POINTER -> "pointer";
            case HEADER -> "header";
        };
    }
}
