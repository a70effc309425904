package io.headwater.bench.replay;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Valid times of commits, each later than the one before. Clocks go back, and many commits share a
/// second; but of the revisions of a record the newest that is valid counts, so a commit that were
/// valid before its parent would hide what the parent said. A commit is valid from its own time,
/// or, if that is not later, from a microsecond after the commit before it.
final class ValidTimes {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private @Nullable Instant last;
    private int moved;
    private Duration furthest = Duration.ZERO;

    /// @param last that of the commit to go on behind; null at the beginning
    ValidTimes(@Nullable Instant last) {
        this.last = last;
    }

    Instant next(Instant time) {
        Instant least = last == null ? FIRST : last.plus(1, ChronoUnit.MICROS);
        if (time.isBefore(least)) {
            Duration by = Duration.between(time, least);
            // Of the same second is not moved: git tells no more than seconds.
            if (by.compareTo(Duration.ofSeconds(1)) >= 0) {
                moved++;
                furthest = by.compareTo(furthest) > 0 ? by : furthest;
            }
            time = least;
        }
        last = time;
        return time;
    }

    /// How many were moved by a second or more.
    int moved() {
        return moved;
    }

    Duration furthest() {
        return furthest;
    }
}
