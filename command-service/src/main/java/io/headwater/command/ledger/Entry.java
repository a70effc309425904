package io.headwater.command.ledger;

import io.headwater.contract.LogEvent;
import java.util.Set;

/// An event to append, and the tags that it is found by.
public record Entry(LogEvent event, Set<EventTag> tags) {
    public Entry {
        tags = Set.copyOf(tags);
    }
}
