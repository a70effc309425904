package io.headwater.query.log;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Bounds of `GET /log`.
///
/// @param maxReaders most answers that are being sent at once; each holds a page, 1 MiB or one
///   event
@Validated
@ConfigurationProperties("headwater.log")
record LogProperties(@DefaultValue("8") @Min(1) @Max(1_000) int maxReaders) {}
