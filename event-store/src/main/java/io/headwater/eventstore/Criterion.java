package io.headwater.eventstore;

import java.util.Set;

/// Matches an event that is of any of the types and carries all of the tags.
///
/// @param types names of types; none means any type
/// @param tags `key=value` each; none means any tags
public record Criterion(Set<String> types, Set<String> tags) {

    private static final Criterion EVERY_EVENT = new Criterion(Set.of(), Set.of());

    public Criterion {
        types = Set.copyOf(types);
        tags = Set.copyOf(tags);
    }

    /// Matches every event.
    public static Criterion everyEvent() {
        return EVERY_EVENT;
    }

    /// Matches events that carry all of the tags.
    public static Criterion tagged(String... tags) {
        return new Criterion(Set.of(), Set.of(tags));
    }

    /// Matches events of any of the types.
    public static Criterion ofType(String... types) {
        return new Criterion(Set.of(types), Set.of());
    }

    boolean isEveryEvent() {
        return types.isEmpty() && tags.isEmpty();
    }
}
