package io.headwater.command;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The role that makes the log's tables.
///
/// @param user null if the tables are made by others
@ConfigurationProperties("headwater.migration")
record MigrationProperties(@Nullable String user, @DefaultValue("") String password) {}
