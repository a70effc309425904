package io.headwater.command.ledger;

import java.time.Duration;

/// How long a command that lost a race is tried again.
///
/// @param attempts most times that a command is decided; 1 to 1,000
/// @param within longest that it is tried; 0 to 1 minute
public record RetryLimits(int attempts, Duration within) {
    public RetryLimits {
        if (attempts < 1 || attempts > 1_000) {
            throw new IllegalArgumentException("attempts is " + attempts + ", must be 1 to 1,000");
        }
        if (within.isNegative() || within.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("within is " + within + ", must be 0 to 1 minute");
        }
    }
}
