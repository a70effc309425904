package io.headwater.command.http;

import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/// Bodies of requests: JSON in UTF-8, within a bound.
final class JsonBody {
    private JsonBody() {}

    /// @throws ProblemException 415, if the body says that it is something else
    static void requireJson(HttpServletRequest request, Set<String> mediaTypes) {
        String given = request.getContentType();
        try {
            MediaType type = given == null ? null : MediaType.parseMediaType(given);
            boolean fits =
                    type != null
                            && mediaTypes.contains(type.getType() + "/" + type.getSubtype())
                            && (type.getCharset() == null
                                    || type.getCharset().equals(StandardCharsets.UTF_8));
            if (fits) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new ProblemException(
                new Problem(
                                415,
                                "unsupported-media-type",
                                "The body is of the wrong kind",
                                "Send the body as %s in UTF-8, and say so in Content-Type"
                                        .formatted(
                                                String.join(
                                                        " or ",
                                                        mediaTypes.stream().sorted().toList())))
                        .withHeader("Accept", String.join(", ", mediaTypes)));
    }

    /// @throws ProblemException 413, if there is more
    static byte[] read(HttpServletRequest request, String what, long most) throws IOException {
        if (request.getContentLengthLong() > most) {
            throw new ProblemException(Problems.tooLarge(what, most));
        }
        byte[] body = request.getInputStream().readNBytes((int) most + 1);
        if (body.length > most) {
            throw new ProblemException(Problems.tooLarge(what, most));
        }
        return body;
    }

    /// @throws ProblemException 400, with line and column
    static JsonNode parse(byte[] body) {
        try {
            JsonNode json = Json.read(body);
            if (json.isMissingNode()) {
                throw new ProblemException(Problems.malformedJson("The body is empty"));
            }
            return json;
        } catch (MalformedJsonException e) {
            throw new ProblemException(Problems.malformedJson(e.located()));
        }
    }
}
