package io.headwater.query.standby;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Bounds of reading.
///
/// @param maxConcurrent most statements at once; fewer than the pool has connections, so that one
///   is left for the watch
/// @param maxQueued most requests that wait for their turn to read; more are refused
/// @param turnWait longest that a request waits for its turn
/// @param maxWaiting most requests that wait for the read model to catch up; more are refused
/// @param usualWait how long a request waits for the read model to catch up if it does not say
/// @param longestWait longest that a request may ask to wait
/// @param mostCost most that a page may cost by the planner's estimate, if a part of the query has
///   no index: a million short rows are about 30,000
/// @param mostSummaryCost the same of a summary, which always looks at all the rows that it is
///   about
/// @param pollInterval time between two looks at the checkpoint while a request waits for it
@Validated
@ConfigurationProperties("headwater.reads")
public record ReadProperties(
        @DefaultValue("14") @Min(1) @Max(1_000) int maxConcurrent,
        @DefaultValue("1000") @Min(0) @Max(100_000) int maxQueued,
        @DefaultValue("5s") @NotNull Duration turnWait,
        @DefaultValue("1000") @Min(1) @Max(100_000) int maxWaiting,
        @DefaultValue("1s") @NotNull Duration usualWait,
        @DefaultValue("30s") @NotNull Duration longestWait,
        @DefaultValue("50000") @Min(1) long mostCost,
        @DefaultValue("1000000") @Min(1) long mostSummaryCost,
        @DefaultValue("5ms") @NotNull Duration pollInterval) {

    public ReadProperties {
        if (pollInterval.toMillis() < 1 || pollInterval.toSeconds() > 1) {
            throw new IllegalArgumentException("headwater.reads.poll-interval must be 1 ms to 1 s");
        }
        if (usualWait.isNegative()
                || longestWait.compareTo(usualWait) < 0
                || longestWait.toMinutes() > 5) {
            throw new IllegalArgumentException(
                    "headwater.reads.usual-wait must be 0 to longest-wait, and longest-wait at most 5 minutes");
        }
    }
}
