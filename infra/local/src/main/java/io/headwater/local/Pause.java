package io.headwater.local;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// The wait between two looks at something that another process does and tells nobody about.
final class Pause {
    private Pause() {}

    /// @throws LocalFailure if the thread is interrupted
    static void of(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted while waiting.");
        }
    }
}
