package io.headwater.command.ledger;

import org.jspecify.annotations.Nullable;

/// How a command ended.
public sealed interface Outcome<R> {

    /// It was carried out, now or by an earlier command with the same key.
    ///
    /// @param result null if the reply was stored by an earlier command
    /// @param position of the log that includes all that the command did
    record Accepted<R>(@Nullable R result, Reply reply, long position) implements Outcome<R> {
        public boolean isRepeated() {
            return result == null;
        }
    }

    record Refused<R>(Refusal refusal) implements Outcome<R> {}
}
