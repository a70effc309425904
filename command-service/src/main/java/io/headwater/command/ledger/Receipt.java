package io.headwater.command.ledger;

import org.jspecify.annotations.Nullable;

/// What a handler hands back: known in full only once the events are committed.
final class Receipt<R> {
    private final @Nullable Refusal refusal;
    private final @Nullable R result;
    private final @Nullable Reply reply;
    private volatile long position;

    Receipt(Refusal refusal) {
        this.refusal = refusal;
        this.result = null;
        this.reply = null;
    }

    /// @param result null if the reply was stored by an earlier command
    Receipt(@Nullable R result, Reply reply) {
        this.refusal = null;
        this.result = result;
        this.reply = reply;
    }

    void settle(long at) {
        position = at;
    }

    Outcome<R> outcome() {
        if (refusal != null) {
            return new Outcome.Refused<>(refusal);
        }
        if (reply == null) {
            throw new IllegalStateException("A receipt has a refusal or a reply");
        }
        return new Outcome.Accepted<>(result, reply, position);
    }
}
