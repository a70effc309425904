package io.headwater.relay;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Where the log and Kafka are, and the relay's own bounds. A bad value stops the start.
@Validated
@ConfigurationProperties("headwater")
record RelayProperties(
        @Valid @NotNull Log log, @Valid @NotNull Kafka kafka, @Valid @DefaultValue Relay relay) {

    /// @param url JDBC URL of the log; several hosts allowed, the relay finds the primary
    /// @param user role with REPLICATION and SELECT on `log.event` and `log.epoch`
    record Log(
            @Pattern(
                            regexp = "jdbc:postgresql://.+",
                            message = "must start with jdbc:postgresql://")
                    @NotNull
                    String url,
            @NotBlank String user,
            @DefaultValue("") String password) {}

    /// @param bootstrapServers `host:port`, several by commas
    /// @param replicationFactor copies of each partition of the topics that the relay makes; 1 to 7
    /// @param properties more settings for every Kafka client (security protocol and the like)
    record Kafka(
            @NotBlank String bootstrapServers,
            @DefaultValue("1") @Min(1) @Max(7) short replicationFactor,
            @DefaultValue Map<String, String> properties) {}

    /// @param slot replication slot, made by the relay; also names the relay to Kafka
    /// @param publication made by the log's migrations
    /// @param pollInterval longest wait before the WAL is looked at again; 1 ms to 1 s. It moves
    ///   latency and idle CPU
    /// @param maxBatch most events in one Kafka transaction; 1 to 10,000
    /// @param farBehind how many events behind the relay turns from the slot to the table, which is
    ///   faster; 100 to 1,000,000,000
    /// @param maxInFlight most bytes of events read and not yet published; 1 to 256 MiB
    /// @param heartbeat how often an idle relay moves its slot on; 200 ms to 1 min
    /// @param sessionTimeout after how long without a sign of life a waiting relay takes over; 6 s
    ///   (the broker's usual least) to 2 min
    /// @param stalledAfter not ready once it is behind and has not moved for this long; 1 s to 10
    ///   min
    /// @param retryAtMost longest wait between two attempts, from 250 ms doubling; 250 ms to 1 min
    /// @param adoptServer `<system id>/<timeline>` of a server that the place on Kafka does not
    ///   belong to and that shall be followed all the same; empty for none
    record Relay(
            @DefaultValue("headwater_relay")
                    @Pattern(regexp = "[a-z0-9_]{1,63}", message = "must be a name of a slot")
                    String slot,
            @DefaultValue("headwater") @NotBlank String publication,
            @DefaultValue("5ms") @DurationMin(millis = 1) @DurationMax(seconds = 1)
                    Duration pollInterval,
            @DefaultValue("4096") @Min(1) @Max(10_000) int maxBatch,
            @DefaultValue("16384") @Min(100) @Max(1_000_000_000) long farBehind,
            @DefaultValue("32MB") @NotNull DataSize maxInFlight,
            @DefaultValue("2s") @DurationMin(millis = 200) @DurationMax(minutes = 1)
                    Duration heartbeat,
            @DefaultValue("6s") @DurationMin(seconds = 1) @DurationMax(minutes = 2)
                    Duration sessionTimeout,
            @DefaultValue("10s") @DurationMin(seconds = 1) @DurationMax(minutes = 10)
                    Duration stalledAfter,
            @DefaultValue("1s") @DurationMin(millis = 250) @DurationMax(minutes = 1)
                    Duration retryAtMost,
            @DefaultValue("") String adoptServer) {
        Relay {
            if (maxInFlight.toBytes() < 1L << 20 || maxInFlight.toBytes() > 256L << 20) {
                throw new IllegalArgumentException(
                        "headwater.relay.max-in-flight must be 1MB to 256MB, is " + maxInFlight);
            }
        }
    }
}
