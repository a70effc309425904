package io.headwater.query.projection;

import io.headwater.query.run.ProjectionStatus.State;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A projection as `GET /projections` shows it.
///
/// @param name `records`, or `rebuild` for the schema that is filled beside it
/// @param state what the instance that answers does with it
/// @param epoch the log's line of life
/// @param position of the last event in its tables
/// @param eventAt time of that event, RFC 3339; null before the first
/// @param behind events that the running tables have and these do not; null for the running tables
/// @param lagEvents records that lie in Kafka, as far as this instance knows
/// @param leader the instance that projects
/// @param alarm why it stands still; null while it goes on
record ProjectionView(
        String name,
        String state,
        String epoch,
        long position,
        @Nullable String eventAt,
        @Nullable Long behind,
        @Nullable Long lagEvents,
        String leader,
        @Nullable String alarm,
        @Nullable Long alarmPosition) {

    static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
