package io.headwater.query.projection;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// @param bootstrapServers `host:port`, comma-separated
@Validated
@ConfigurationProperties("headwater.kafka")
record KafkaProperties(@NotBlank String bootstrapServers) {}
