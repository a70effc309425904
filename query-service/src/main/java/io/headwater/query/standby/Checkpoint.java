package io.headwater.query.standby;

import io.headwater.contract.ConsistencyToken;
import org.jspecify.annotations.Nullable;

/// How far the read model is, as some statement saw it.
///
/// @param epoch empty before the first event
/// @param position of the last event in the tables; 0 for none
public record Checkpoint(String epoch, long position) {

    /// What an answer that saw this tells the client; null before the first event.
    public @Nullable ConsistencyToken token() {
        return epoch.isEmpty() ? null : new ConsistencyToken(epoch, position);
    }
}
