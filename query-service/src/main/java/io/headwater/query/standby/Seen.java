package io.headwater.query.standby;

import io.headwater.query.problem.Refusal;
import org.jspecify.annotations.Nullable;

/// What a statement found, and how far the read model was in its snapshot.
///
/// @param value null where the answer is a refusal
/// @param refusal what is wrong with the request, as far as this snapshot can tell: a model may be
///   unknown only because it has not arrived yet
public record Seen<T>(Checkpoint at, @Nullable T value, @Nullable Refusal refusal) {
    public static <T> Seen<T> of(Checkpoint at, T value) {
        return new Seen<>(at, value, null);
    }

    public static <T> Seen<T> refused(Checkpoint at, Refusal refusal) {
        return new Seen<>(at, null, refusal);
    }

    /// @throws Refusal if that is the answer
    public T orRefuse() {
        if (refusal != null) {
            throw refusal.seenAt(at.token());
        }
        if (value == null) {
            throw new IllegalStateException("Neither a value nor a refusal");
        }
        return value;
    }
}
