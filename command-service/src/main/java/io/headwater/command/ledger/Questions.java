package io.headwater.command.ledger;

import java.util.Set;

/// Identity of [Facts]: what they answer.
record Questions(Set<Question> all) {
    Questions {
        all = Set.copyOf(all);
    }
}
