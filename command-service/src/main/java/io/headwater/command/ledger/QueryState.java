package io.headwater.command.ledger;

import io.headwater.contract.QueryDefinition;
import org.jspecify.annotations.Nullable;

/// A named query as the log has it.
///
/// @param version 0 if there never was one of the name
/// @param definition null if it is retired, or never was
public record QueryState(int version, @Nullable QueryDefinition definition) {
    static final QueryState NEVER = new QueryState(0, null);

    public boolean isRetired() {
        return version > 0 && definition == null;
    }
}
