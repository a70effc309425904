package io.headwater.command.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A record as the log has it.
///
/// @param revision of its last event; 0 if there never was one
/// @param fields canonical, not to be changed; null if the record does not exist
/// @param validFrom as the last event says; null if it does not
public record RecordState(long revision, @Nullable ObjectNode fields, @Nullable Instant validFrom) {
    static final RecordState NEVER = new RecordState(0, null, null);

    public boolean exists() {
        return fields != null;
    }
}
