package io.headwater.query.changes;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Bounds of `GET /changes`.
///
/// @param maxListeners most at once; more are refused, as are more than the heap bears: 32 for each
///   MiB above 96
/// @param ringEvents most of the newest events that are kept for all listeners
/// @param ringBytes most bytes of them
/// @param heldBytes most bytes of events that listeners have taken in part; whoever would pass it
///   is closed
/// @param pollInterval time between two looks for new events
/// @param heartbeat how long nothing is sent before a sign of life is; 1 s to 5 minutes
/// @param stall how long a client may take no byte before its connection is closed; 1 s to 1 hour
@Validated
@ConfigurationProperties("headwater.changes")
record ChangesProperties(
        @DefaultValue("2500") @Min(1) @Max(100_000) int maxListeners,
        @DefaultValue("8192") @Min(16) @Max(1_000_000) int ringEvents,
        @DefaultValue("16MB") @NotNull DataSize ringBytes,
        @DefaultValue("32MB") @NotNull DataSize heldBytes,
        @DefaultValue("20ms") @NotNull Duration pollInterval,
        @DefaultValue("15s") @NotNull Duration heartbeat,
        @DefaultValue("30s") @NotNull Duration stall) {

    ChangesProperties {
        require("poll-interval", pollInterval, Duration.ofMillis(1), Duration.ofSeconds(10));
        require("heartbeat", heartbeat, Duration.ofSeconds(1), Duration.ofMinutes(5));
        require("stall", stall, Duration.ofSeconds(1), Duration.ofHours(1));
    }

    private static void require(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "headwater.changes.%s must be %s to %s, not %s"
                            .formatted(name, least, most, value));
        }
    }
}
