package io.headwater.contract;

import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The one JSON mapper of the system: strict, exact and bounded. Safe for concurrent use.
///
/// Duplicate names and trailing text are errors; numbers keep every digit; nesting ends at 100
/// levels, a number at 1,000 characters, a text at 8 Mi characters.
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(100)
                                                    .maxNumberLength(1_000)
                                                    .maxNameLength(10_000)
                                                    .maxStringLength(8 * 1024 * 1024)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private Json() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    /// Reads what others wrote.
    ///
    /// @return a missing node, if there is nothing but white space
    public static JsonNode read(String text) throws MalformedJsonException {
        return read(() -> MAPPER.readTree(text));
    }

    /// The same from UTF-8.
    public static JsonNode read(byte[] text) throws MalformedJsonException {
        return read(() -> MAPPER.readTree(text));
    }

    private static JsonNode read(Supplier<JsonNode> parser) {
        try {
            return parser.get();
        } catch (JacksonException e) {
            throw new MalformedJsonException(e);
        } catch (NumberFormatException e) {
            throw new MalformedJsonException("A number's exponent is out of bounds", e);
        }
    }
}
