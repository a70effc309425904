package io.headwater.eventstore;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.UUID;

/// An event to append.
///
/// @param id unique in the log for ever; UUIDv7 keeps its index small and local
/// @param type its name, such as `headwater.RecordCreated`
/// @param version version of the payload's shape
/// @param atMicros when it happened, microseconds since 1970-01-01T00:00:00Z
/// @param payload JSON
/// @param metadata JSON, a flat object of strings
/// @param tags `key=value` each; doubles are dropped
public record NewEvent(
        UUID id,
        String type,
        String version,
        long atMicros,
        String payload,
        String metadata,
        List<String> tags) {

    public NewEvent {
        tags = tags.size() < 2 ? List.copyOf(tags) : List.copyOf(new LinkedHashSet<>(tags));
    }
}
