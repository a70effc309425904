package io.headwater.query.export;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Bounds of exports.
///
/// @param maxConcurrent most at once; each has a connection of its own, and more are refused
/// @param longest how long one may take, its client's slowness included; 1 s to 24 h
@Validated
@ConfigurationProperties("headwater.exports")
record ExportProperties(
        @DefaultValue("4") @Min(1) @Max(64) int maxConcurrent,
        @DefaultValue("10m") @NotNull Duration longest) {

    ExportProperties {
        if (longest.toSeconds() < 1 || longest.toHours() > 24) {
            throw new IllegalArgumentException("headwater.exports.longest must be 1 s to 24 h");
        }
    }
}
