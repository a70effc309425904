package io.headwater.query.named;

import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One version of a named query.
///
/// @param newest number of the newest version
/// @param retiredAt null while it can be run
/// @param position of the event that defined the version
record NamedQuery(
        QueryName name,
        int version,
        int newest,
        @Nullable Instant retiredAt,
        QueryDefinition definition,
        long position,
        Instant definedAt) {

    /// Of the newest version: what `If-Match` of a command goes by.
    String etag() {
        return "\"%d\"".formatted(retiredAt == null ? newest : newest + 1);
    }

    /// @param whole whether with the definition
    ObjectNode json(boolean whole) {
        var json = Json.mapper().createObjectNode();
        json.put("name", name.value());
        json.put("model", definition.model().value());
        if (definition.description() != null) {
            json.put("description", definition.description());
        }
        json.put("version", version);
        json.put("newest", newest);
        json.put("retired", retiredAt != null);
        if (retiredAt != null) {
            json.put("retiredAt", FieldType.Moment.text(retiredAt));
        }
        json.put("definedAt", FieldType.Moment.text(definedAt));
        json.put("position", position);
        if (whole) {
            json.set("definition", definition.toJson());
        }
        return json;
    }
}
