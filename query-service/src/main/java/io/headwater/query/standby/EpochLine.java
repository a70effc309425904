package io.headwater.query.standby;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Lines;

/// Judges by the log's lines of life what a read model has of that which a client has seen.
record EpochLine(Lines lines) {
    /// What a read model at some place is to a client that has seen another.
    enum Verdict {
        /// It has all that the client has seen.
        REACHED,
        /// It will have.
        BEHIND,
        /// It never will: the client has seen what a restore has undone.
        LOST,
        /// No line has the token's name.
        UNKNOWN
    }

    Verdict judge(ConsistencyToken token, Checkpoint at) {
        if (token.epoch().equals(at.epoch()) && at.position() >= token.position()) {
            return Verdict.REACHED; // whatever comes later: this is of the same line
        }
        var kept = lines.commonWith(token.epoch());
        if (kept.isEmpty()) {
            return Verdict.UNKNOWN;
        }
        if (token.position() > kept.getAsLong()) {
            return Verdict.LOST;
        }
        boolean has = isOnLineOf(token, at) && at.position() >= token.position();
        return has ? Verdict.REACHED : Verdict.BEHIND;
    }

    /// A read model on an earlier line counts as far as it is in the line that was asked for.
    private boolean isOnLineOf(ConsistencyToken token, Checkpoint at) {
        return lines.common(token.epoch(), at.epoch()).isPresent()
                || at.position() <= lines.common(at.epoch(), token.epoch()).orElse(-1);
    }
}
