package io.headwater.query.run;

import io.headwater.query.rows.LogRecord;
import org.jspecify.annotations.Nullable;

/// How far a schema's tables are.
///
/// @param epoch the log's line of life; empty before the first event
/// @param position of the last event applied; 0 for none
/// @param offset in `headwater.log` of the first record that was not looked at
/// @param eventAt time of the last event, RFC 3339; null before the first
public record Checkpoint(String epoch, long position, long offset, @Nullable String eventAt) {

    /// The checkpoint once this event is applied.
    Checkpoint after(LogRecord event) {
        return new Checkpoint(event.epoch(), event.position(), event.offset() + 1, event.time());
    }
}
