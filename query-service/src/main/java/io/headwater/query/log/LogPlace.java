package io.headwater.query.log;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Lines;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A place in the log that a client names: everything up to there it has.
///
/// @param epoch the line of life that the position is of; null for the current one
/// @param position 0 for the start
public record LogPlace(@Nullable String epoch, long position) {
    public static final LogPlace START = new LogPlace(null, 0);

    /// @param text `1042` or `7f3a91c2.1042`
    /// @param where and `name`: what the text was read from
    public static LogPlace parse(String text, Place where, String name) {
        if (text.matches("[0-9]{1,18}")) {
            return new LogPlace(null, Long.parseLong(text));
        }
        return ConsistencyToken.parse(text)
                .map(token -> new LogPlace(token.epoch(), token.position()))
                .orElseThrow(() ->
                        Refusal.badInput(
                                where,
                                name,
                                "position",
                                "Expected a position such as 1042, or one with its epoch as in Consistency-Token, such as"
                                        + " 7f3a91c2.1042"));
    }

    /// The last position up to which what the client has is still in the log.
    ///
    /// @throws Refusal if no line of life has that epoch
    public long keptBy(Lines lines) {
        if (epoch == null) {
            return position;
        }
        OptionalLong common = lines.commonWith(epoch);
        if (common.isEmpty()) {
            throw Refusal.of(
                    409,
                    "unknown-epoch",
                    "The log has no such epoch",
                    "No line of life of this log is called %s; is this the log that the position is from?"
                            .formatted(epoch));
        }
        return Math.min(position, common.getAsLong());
    }
}
