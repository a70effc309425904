package io.headwater.command.records;

import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Merge Patch, RFC 7396.
final class MergePatch {
    private MergePatch() {}

    /// A record after a patch, with an explicit null for each field that has no value then, so that
    /// no default comes back into what was left empty on purpose.
    static ObjectNode apply(ModelDefinition model, ObjectNode record, ObjectNode patch) {
        ObjectNode merged = Json.mapper().createObjectNode();
        for (String field : model.fields().keySet()) {
            JsonNode value = record.get(field);
            merged.set(field, value == null ? NullNode.getInstance() : value);
        }
        for (var member : patch.properties()) {
            JsonNode value = member.getValue();
            merged.set(
                    member.getKey(),
                    value.isNull() ? value : apply(merged.get(member.getKey()), value));
        }
        return merged;
    }

    static JsonNode apply(@Nullable JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode merged = Json.mapper().createObjectNode();
        if (target instanceof ObjectNode old) {
            merged.setAll(old);
        }
        for (var member : changes.properties()) {
            if (member.getValue().isNull()) {
                merged.remove(member.getKey());
            } else {
                merged.set(member.getKey(), apply(merged.get(member.getKey()), member.getValue()));
            }
        }
        return merged;
    }
}
