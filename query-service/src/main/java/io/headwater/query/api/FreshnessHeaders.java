package io.headwater.query.api;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Excerpt;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.Freshness;
import io.headwater.query.standby.ReadProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// Reads `Consistency-At-Least: <epoch>.<position>` and `Prefer: wait=<seconds>` (RFC 7240).
@Component
public class FreshnessHeaders {
    private static final String PREFER = "Prefer";
    private static final String WAIT = "wait";

    private final ReadProperties properties;

    FreshnessHeaders(ReadProperties properties) {
        this.properties = properties;
    }

    public Freshness of(HttpServletRequest request) {
        ConsistencyToken token = token(request);
        Duration asked = wait(request);
        Duration patience = asked == null ? properties.usualWait() : asked;
        // A preference is no order: a longer wait is cut, and Preference-Applied says to what.
        return new Freshness(
                token,
                patience.compareTo(properties.longestWait()) > 0
                        ? properties.longestWait()
                        : patience);
    }

    /// An answer that says how much of the log it has seen, and which wait was granted.
    public ResponseEntity.BodyBuilder answer(
            HttpStatus status, Checkpoint at, HttpServletRequest request) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status);
        ConsistencyToken token = at.token();
        if (token != null) {
            answer.header(ConsistencyToken.HEADER, token.toString());
        }
        if (wait(request) != null && request.getHeader(ConsistencyToken.AT_LEAST_HEADER) != null) {
            answer.header("Preference-Applied", WAIT + "=" + of(request).patience().toSeconds());
        }
        // An answer may be stale at once, and it is for whoever holds the token.
        return answer.cacheControl(CacheControl.noCache().cachePrivate());
    }

    private static @Nullable ConsistencyToken token(HttpServletRequest request) {
        List<String> given = Collections.list(request.getHeaders(ConsistencyToken.AT_LEAST_HEADER));
        if (given.isEmpty()) {
            return null;
        }
        String text = given.size() == 1 ? given.getFirst().strip() : String.join(", ", given);
        return ConsistencyToken.parse(text)
                .orElseThrow(() ->
                        Refusal.badInput(
                                Place.HEADER,
                                ConsistencyToken.AT_LEAST_HEADER,
                                "token",
                                "Expected one token as in Consistency-Token, such as 7f3a91c2.1042; got \"%s\""
                                        .formatted(Excerpt.of(text))));
    }

    /// Null if it is not asked for.
    private static @Nullable Duration wait(HttpServletRequest request) {
        for (String header : Collections.list(request.getHeaders(PREFER))) {
            for (String preference : header.split(",", -1)) {
                String[] parts = preference.split(";", 2)[0].split("=", 2);
                if (parts[0].strip().toLowerCase(Locale.ROOT).equals(WAIT)) {
                    return seconds(parts.length == 2 ? parts[1].strip() : "");
                }
            }
        }
        return null;
    }

    private static Duration seconds(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw Refusal.badInput(
                    Place.HEADER,
                    PREFER,
                    WAIT,
                    "wait takes whole seconds, such as wait=5; got \"%s\""
                            .formatted(Excerpt.of(text)));
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }
}
