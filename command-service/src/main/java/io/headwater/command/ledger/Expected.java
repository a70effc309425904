package io.headwater.command.ledger;

import java.util.Set;

/// What a client goes by: the revision of a record, or the version of a model.
public sealed interface Expected {

    /// Whatever it is.
    record Anything() implements Expected {}

    /// There is none (`If-None-Match: *`).
    record Missing() implements Expected {}

    /// There is one (`If-Match: *`).
    record Existing() implements Expected {}

    /// It is one of these (`If-Match: "7"`).
    record OneOf(Set<Long> revisions) implements Expected {
        public OneOf {
            revisions = Set.copyOf(revisions);
        }
    }
}
