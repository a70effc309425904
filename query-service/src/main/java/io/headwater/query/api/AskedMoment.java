package io.headwater.query.api;

import io.headwater.contract.ConsistencyToken;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.shape.RowSource;
import io.headwater.query.standby.Checkpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The moment that a request asks about.
///
/// @param asOf place of the log that was asked for, or that the first page has seen; null for the
///   newest
/// @param validAt null where it was not asked for
/// @param words the moment as the client wrote it; empty for now
/// @param pinned whether `asOf` comes from a cursor
public record AskedMoment(
        @Nullable ConsistencyToken asOf, @Nullable Instant validAt, String words, boolean pinned) {
    static final AskedMoment NOW = new AskedMoment(null, null, "", false);

    public RowSource source() {
        return asOf == null && validAt == null
                ? RowSource.now()
                : new RowSource.Moment(asOf == null ? null : asOf.position(), validAt);
    }

    /// The same moment, of the log as a statement saw it.
    public AskedMoment at(Checkpoint at) {
        return new AskedMoment(snapshot(at).at(), validAt, words, true);
    }

    /// What the pages after one that was read at this checkpoint must see too.
    public PageCursor.Snapshot snapshot(Checkpoint at) {
        return new PageCursor.Snapshot(
                asOf == null ? new ConsistencyToken(at.epoch(), at.position()) : asOf, words);
    }
}
