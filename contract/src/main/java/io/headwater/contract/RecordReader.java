package io.headwater.contract;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a record against its model, field by field.
final class RecordReader {
    private RecordReader() {}

    static @Nullable ObjectNode read(ModelDefinition model, JsonNode given, Faults faults) {
        if (!given.isObject()) {
            faults.add("", "type", "A record is a JSON object with its fields");
            return null;
        }
        for (var member : given.properties()) {
            if (!model.fields().containsKey(member.getKey())) {
                faults.add(
                        Faults.member("", member.getKey()),
                        "unknown-field",
                        "The model has no field \"%s\"; it has %s"
                                .formatted(
                                        Excerpt.of(member.getKey()),
                                        String.join(", ", model.fields().keySet())));
            }
        }
        var canonical = Json.mapper().createObjectNode();
        for (var field : model.fields().values()) {
            JsonNode value = value(field, given.get(field.name()), faults);
            if (value != null) {
                canonical.set(field.name(), value);
            }
        }
        return faults.isEmpty() ? canonical : null;
    }

    private static @Nullable JsonNode value(Field field, @Nullable JsonNode given, Faults faults) {
        String pointer = Faults.member("", field.name());
        if (given == null && field.preset() != null) {
            return field.preset();
        }
        if (given == null || given.isNull()) {
            if (field.required()) {
                faults.add(pointer, "required", "The field " + field.name() + " needs a value");
            }
            return null;
        }
        return field.type().canonical(given, pointer, faults);
    }
}
