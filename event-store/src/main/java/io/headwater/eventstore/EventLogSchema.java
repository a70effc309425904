package io.headwater.eventstore;

/// Where the log lives in the database.
public final class EventLogSchema {

    /// Flyway location of the migrations. Run them with `schemas("log")`, as a role that owns the
    /// database and may create roles.
    public static final String MIGRATIONS = "classpath:db/migration/log";

    /// The schema that the migrations fill.
    public static final String SCHEMA = "log";

    private EventLogSchema() {}
}
