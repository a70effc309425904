package io.headwater.contract;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts values in the place of parameters.
///
/// @param values canonical, by name of the parameter
/// @param places takes which parameter stands where in the result, by JSON Pointer
record QueryArguments(ObjectNode values, Map<String, String> places) {
    private static final String PARAMETER = "$param";

    /// Members without which what has them asks for nothing.
    private static final Set<String> ESSENTIAL = Set.of("value", "and", "or", "not");

    /// The parameter that stands here; null if it is something else.
    static @Nullable String parameter(JsonNode json) {
        return json.isObject() && json.size() == 1 && json.path(PARAMETER).isString()
                ? json.path(PARAMETER).stringValue()
                : null;
    }

    /// @return null for what asks by a parameter that has no value
    @Nullable JsonNode bind(JsonNode json, String at) {
        String parameter = parameter(json);
        if (parameter != null) {
            JsonNode value = values.get(parameter);
            if (value != null) {
                places.put(at, parameter);
            }
            return value;
        }
        return switch (json) {
            case ObjectNode object -> object(object, at);
            case ArrayNode array -> array(array, at);
            default -> json;
        };
    }

    private @Nullable ObjectNode object(ObjectNode json, String at) {
        var bound = Json.mapper().createObjectNode();
        for (var member : json.properties()) {
            JsonNode value = bind(member.getValue(), Faults.member(at, member.getKey()));
            if (value != null) {
                bound.set(member.getKey(), value);
            } else if (ESSENTIAL.contains(member.getKey())) {
                return null;
            }
        }
        return bound;
    }

    private @Nullable ArrayNode array(ArrayNode json, String at) {
        var bound = Json.mapper().createArrayNode();
        for (JsonNode item : json) {
            JsonNode value = bind(item, at + "/" + bound.size());
            if (value != null) {
                bound.add(value);
            }
        }
        return bound.isEmpty() && !json.isEmpty() ? null : bound;
    }
}
