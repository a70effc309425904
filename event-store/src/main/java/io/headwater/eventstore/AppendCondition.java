package io.headwater.eventstore;

import java.util.List;

/// What must hold for an append to go through: no event after a position matches any of the
/// criteria.
///
/// @param criteria of which none may be matched; an empty list always holds
/// @param after last position that the caller knew when it decided; 0 for the start of the log
public record AppendCondition(List<Criterion> criteria, long after) {

    private static final AppendCondition ALWAYS = new AppendCondition(List.of(), 0);

    public AppendCondition {
        criteria = List.copyOf(criteria);
        if (after < 0) {
            throw new IllegalArgumentException("A condition's position is 0 or more, not " + after);
        }
    }

    /// Holds whatever is in the log.
    public static AppendCondition always() {
        return ALWAYS;
    }

    /// Holds while no event after `after` matches any of the criteria.
    public static AppendCondition noneOf(long after, Criterion... criteria) {
        return new AppendCondition(List.of(criteria), after);
    }
}
