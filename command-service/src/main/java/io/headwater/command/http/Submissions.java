package io.headwater.command.http;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.command.ledger.Submission;
import io.headwater.command.ledger.UniqueValue;
import io.headwater.contract.ValidFrom;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who sends a request, why, and its `Idempotency-Key`.
public final class Submissions {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final Pattern TRACE_PARENT =
            Pattern.compile(
                    "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    private Submissions() {}

    /// @throws ProblemException 400, if a header is not valid
    public static Submission of(HttpServletRequest request, byte[] body) {
        String key = request.getHeader("Idempotency-Key");
        if (key != null && !KEY.matcher(key).matches()) {
            throw new ProblemException(
                    Problems.invalidHeader(
                            "Idempotency-Key", "1 to 200 visible ASCII characters, no spaces"));
        }
        String actor = actor(request);
        return new Submission(
                Map.of("actor", actor, "cause", cause(request), "traceparent", trace(request)),
                key == null
                        ? null
                        : new Submission.RepeatKey(
                                UniqueValue.sha256(actor + "\n" + key),
                                fingerprint(request, body)));
    }

    private static String actor(HttpServletRequest request) {
        var principal = request.getUserPrincipal();
        if (principal == null) {
            throw new IllegalStateException("A command without a subject came past security");
        }
        return principal.getName();
    }

    private static String cause(HttpServletRequest request) {
        String id = request.getHeader("X-Request-Id");
        return id != null && KEY.matcher(id).matches()
                ? id
                : UuidCreator.getTimeOrderedEpoch().toString();
    }

    private static String trace(HttpServletRequest request) {
        String parent = request.getHeader("traceparent");
        if (parent != null && TRACE_PARENT.matcher(parent).matches()) {
            return parent;
        }
        var random = ThreadLocalRandom.current();
        // The lowest bit keeps each id from being all zeros, which is not valid.
        return "00-%016x%016x-%016x-00"
                .formatted(random.nextLong(), random.nextLong() | 1, random.nextLong() | 1);
    }

    private static String fingerprint(HttpServletRequest request, byte[] body) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            String query = request.getQueryString();
            digest.update(utf8(request.getMethod() + " " + request.getRequestURI()));
            digest.update(utf8("?" + query(query) + "\n"));
            String validFrom = request.getHeader(ValidFrom.HEADER);
            if (validFrom != null) {
                digest.update(utf8(ValidFrom.HEADER + ": " + validFrom + "\n"));
            }
            return HexFormat.of().formatHex(digest.digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    private static String query(@Nullable String query) {
        return query == null ? "" : query;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
