package io.headwater.query.standby;

import io.headwater.query.problem.Refusal;

/// The read schema is there, but its checkpoint is not: a rebuild or a first start is on its way.
public final class NoCheckpoint {
    private NoCheckpoint() {}

    public static Refusal refusal() {
        return Refusal.later(
                "not-ready",
                "The read model is not ready",
                "The read model is being set up; try again in a moment");
    }
}
