package io.headwater.query;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// Where the read schema is written and where it is read.
///
/// @param projection the primary; the URL may list several hosts
/// @param migration role that owns the database, to make and change the read schema
/// @param query hot standbys, and the primary to fall back to; the URL may list several hosts
@Validated
@ConfigurationProperties("headwater")
record DatabaseProperties(@Valid Access projection, @Valid Login migration, @Valid Access query) {

    /// @param url JDBC URL without user and password
    record Access(@NotBlank String url, @NotBlank String user, String password) {}

    record Login(@NotBlank String user, String password) {}
}
