package io.headwater.eventstore;

import java.util.Map;

/// The newest event of each criterion, and the head of the log in the same snapshot.
///
/// @param head last position in the log; 0 for an empty one
/// @param events for each criterion that any event matches, the newest one
public record Newest(long head, Map<Criterion, StoredEvent> events) {}
