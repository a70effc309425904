package io.headwater.command.ledger;

import java.util.List;
import java.util.Set;

/// What a decider makes of a command.
///
/// @param <R> what the command came to, for its answer
public sealed interface Decision<R> {

    /// More has to be read from the log first.
    record Undecided<R>(Set<Question> questions) implements Decision<R> {}

    record Refused<R>(Refusal refusal) implements Decision<R> {}

    /// @param entries to append, in this order; none if nothing changes
    record Accepted<R>(List<Entry> entries, R result) implements Decision<R> {
        public Accepted {
            entries = List.copyOf(entries);
        }
    }
}
