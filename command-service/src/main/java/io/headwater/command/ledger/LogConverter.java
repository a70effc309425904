package io.headwater.command.ledger;

import io.headwater.contract.EventJson;
import io.headwater.contract.Json;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.conversion.ConversionException;
import org.axonframework.conversion.Converter;
import org.jspecify.annotations.Nullable;

/// JSON of what goes into the log, as the published language has it: payloads by [EventJson],
/// metadata as a flat object of strings. Takes the place of Axon's converter, which would write the
/// names of Java classes' members. Safe for concurrent use.
final class LogConverter implements Converter {
    @Override
    public boolean canConvert(Type source, Type target) {
        return source.equals(byte[].class) || (target.equals(byte[].class) && isWritable(source));
    }

    private static boolean isWritable(Type source) {
        return source instanceof Class<?> type
                && (Entry.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type));
    }

    @Override
    // a method of a package without null marks, and generic as Axon has it
    @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
    public <T> @Nullable T convert(@Nullable Object input, Type target) {
        return (T)
                switch (input) {
                    case null -> null;
                    case Entry entry when target.equals(byte[].class) ->
                            EventJson.write(entry.event()).getBytes(StandardCharsets.UTF_8);
                    case Map<?, ?> metadata when target.equals(byte[].class) ->
                            Json.mapper().writeValueAsBytes(metadata);
                    case byte[] json when target.equals(byte[].class) -> json;
                    case byte[] json -> strings(json);
                    default ->
                            throw new ConversionException(
                                    "Not a part of the log: " + input.getClass() + " to " + target);
                };
    }

    private static Map<String, String> strings(byte[] json) {
        var strings = new LinkedHashMap<String, String>();
        for (var member : Json.mapper().readTree(json).properties()) {
            strings.put(member.getKey(), member.getValue().asString());
        }
        return strings;
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        descriptor.describeProperty("format", "JSON");
    }
}
