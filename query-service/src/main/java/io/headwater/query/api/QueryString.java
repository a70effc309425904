package io.headwater.query.api;

import io.headwater.contract.Excerpt;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parameters of a request's URL, decoded strictly: what is no UTF-8 or no escape is refused,
/// where a servlet container may drop it, and a filter with it.
///
/// @param parameters by name, in order
public record QueryString(Map<String, List<String>> parameters) {
    private static final int MOST = 300;

    public static QueryString of(HttpServletRequest request) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        String raw = request.getQueryString();
        String[] pairs = raw == null || raw.isEmpty() ? new String[0] : raw.split("&", MOST + 1);
        if (pairs.length > MOST) {
            throw Refusal.badInput(
                    Place.PARAMETER, "", "bound", "At most %d query parameters".formatted(MOST));
        }
        for (String pair : pairs) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            }
        }
        return new QueryString(parameters);
    }

    /// @throws Refusal if there is a parameter but these
    public QueryString only(String... known) {
        for (String name : parameters.keySet()) {
            if (!Set.of(known).contains(name)) {
                throw Refusal.badInput(
                        Place.PARAMETER,
                        Excerpt.of(name),
                        "unknown-parameter",
                        known.length == 0
                                ? "There is no parameter \"%s\"; this takes none"
                                        .formatted(Excerpt.of(name))
                                : "There is no parameter \"%s\"; there is %s"
                                        .formatted(Excerpt.of(name), String.join(", ", known)));
            }
        }
        return this;
    }

    /// The one value of a parameter; null if it is not there.
    public @Nullable String once(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Refusal.badInput(
                    Place.PARAMETER,
                    name,
                    "repeated",
                    "The parameter %s may be given once".formatted(name));
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /// The same with one parameter set, as it stands in a URL.
    public String with(String name, String value) {
        Map<String, List<String>> changed = new LinkedHashMap<>(parameters);
        changed.put(name, List.of(value));
        return changed.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().stream()
                                .map(one -> encoded(entry.getKey()) + "=" + encoded(one)))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decoded(String raw) {
        var bytes = ByteBuffer.allocate(raw.length() * 3);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '+') {
                bytes.put((byte) ' ');
            } else if (c != '%') {
                bytes.put(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            } else if (i + 2 < raw.length()
                    && HexFormat.isHexDigit(raw.charAt(i + 1))
                    && HexFormat.isHexDigit(raw.charAt(i + 2))) {
                bytes.put((byte) HexFormat.fromHexDigits(raw, i + 1, i + 3));
                i += 2;
            } else {
                throw malformed(raw);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw malformed(raw);
        }
    }

    private static Refusal malformed(String raw) {
        return Refusal.badInput(
                Place.PARAMETER,
                Excerpt.of(raw),
                "encoding",
                "\"%s\" is not percent-encoded UTF-8".formatted(Excerpt.of(raw)));
    }
}
