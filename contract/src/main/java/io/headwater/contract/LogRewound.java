package io.headwater.contract;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Says on Kafka, and there only, that the log was restored to an earlier point: of what came
/// before this record, every event with a position greater than `position` is undone. Events of the
/// new line of life follow, from `position + 1` on.
///
/// @param epoch the new line of life
/// @param from the line of life of what came before on Kafka
/// @param position the last that both have in common; 0 for none
/// @param lastEvent id of the event there; null if `position` is 0
public record LogRewound(String epoch, String from, long position, @Nullable String lastEvent) {

    public String toJson() {
        var json = Json.mapper().createObjectNode();
        json.put("epoch", epoch);
        json.put("from", from);
        json.put("position", position);
        json.put("lastEvent", lastEvent);
        return json.toString();
    }

    /// @throws IllegalArgumentException if it is none
    public static LogRewound fromJson(String text) {
        try {
            JsonNode json = Json.mapper().readTree(text);
            return new LogRewound(
                    json.required("epoch").stringValue(),
                    json.required("from").stringValue(),
                    json.required("position").longValue(),
                    json.path("lastEvent").stringValue(null));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("No headwater.LogRewound: " + text, e);
        }
    }
}
