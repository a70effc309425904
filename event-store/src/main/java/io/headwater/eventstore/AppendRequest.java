package io.headwater.eventstore;

import java.util.List;

/// Events that go into the log all or none, side by side, if the condition holds.
///
/// @param events at least one
/// @param condition checked against everything committed before
public record AppendRequest(List<NewEvent> events, AppendCondition condition) {

    public AppendRequest {
        events = List.copyOf(events);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("An append needs at least one event");
        }
    }
}
