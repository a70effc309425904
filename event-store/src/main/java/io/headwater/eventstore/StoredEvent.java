package io.headwater.eventstore;

import java.util.List;
import java.util.UUID;

/// An event as it is in the log.
///
/// @param position its place, from 1, without gaps, in the order of commits
/// @param id unique in the log
/// @param type its name
/// @param version version of the payload's shape
/// @param atMicros when it happened, microseconds since 1970-01-01T00:00:00Z
/// @param payload JSON
/// @param metadata JSON, a flat object of strings
/// @param tags `key=value` each
public record StoredEvent(
        long position,
        UUID id,
        String type,
        String version,
        long atMicros,
        String payload,
        String metadata,
        List<String> tags) {}
