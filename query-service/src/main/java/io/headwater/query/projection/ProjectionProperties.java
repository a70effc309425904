package io.headwater.query.projection;

import io.headwater.query.run.BatchLimits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// @param instance our name among the instances of this service; without it, host and port
/// @param maxRows most events in one transaction; 1 to 100,000
/// @param maxBytes payloads from which on a transaction is committed; 64 KB to 64 MB
/// @param lease how long an instance that does not move keeps others from taking over; 2 s to 5 min
/// @param stalledAfter how long events may lie there before health says that the projection does
///   not move
@Validated
@ConfigurationProperties("headwater.projection")
record ProjectionProperties(
        @Nullable String instance,
        @DefaultValue("5000") @Min(1) @Max(100_000) int maxRows,
        @DefaultValue("8MB") DataSize maxBytes,
        @DefaultValue("6s") Duration lease,
        @DefaultValue("15s") Duration stalledAfter) {

    ProjectionProperties {
        require(
                maxBytes.compareTo(DataSize.ofKilobytes(64)) >= 0
                        && maxBytes.compareTo(DataSize.ofMegabytes(64)) <= 0,
                "headwater.projection.max-bytes is 64KB to 64MB");
        require(
                lease.compareTo(Duration.ofSeconds(2)) >= 0
                        && lease.compareTo(Duration.ofMinutes(5)) <= 0,
                "headwater.projection.lease is 2s to 5m");
        require(
                stalledAfter.compareTo(Duration.ofSeconds(3)) >= 0,
                "headwater.projection.stalled-after is at least 3s");
    }

    BatchLimits limits() {
        return new BatchLimits(maxRows, maxBytes.toBytes());
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
