package io.headwater.query.projection;

import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.ProjectionStatus;
import io.headwater.query.tables.ReadSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// What people do with projections. All of it goes through the database, so any instance can be
/// asked. Safe for concurrent use.
final class ProjectionAdministration {
    private static final String LOOK =
            """
            SELECT epoch, position, to_json(event_at) #>> '{}', leader, alarm, alarm_position
              FROM checkpoint
             WHERE projection = 'records'
            """;

    private static final String LIFT =
            """
            UPDATE checkpoint
               SET alarm = NULL, alarm_position = NULL, alarmed_at = NULL
             WHERE projection = 'records' AND alarm IS NOT NULL
            """;

    private final DataSource dataSource;
    private final DataSource owner;
    private final SchemaMigration migration;
    private final ProjectionStatus records;
    private final ProjectionStatus rebuild;

    ProjectionAdministration(
            DataSource dataSource,
            DataSource owner,
            SchemaMigration migration,
            ProjectionStatus records,
            ProjectionStatus rebuild) {
        this.dataSource = dataSource;
        this.owner = owner;
        this.migration = migration;
        this.records = records;
        this.rebuild = rebuild;
    }

    /// The running tables, and those of a rebuild if there is one.
    List<ProjectionView> look() throws SQLException {
        var views = new ArrayList<ProjectionView>();
        try (Connection connection = dataSource.getConnection()) {
            ProjectionView running = look(connection, ReadSchema.NAME, "records", records, null);
            if (running != null) {
                views.add(running);
            }
            ProjectionView next = look(connection, NextSchema.NAME, "rebuild", rebuild, running);
            if (next != null) {
                views.add(next);
            }
        }
        return views;
    }

    private static @Nullable ProjectionView look(
            Connection connection,
            String schema,
            String name,
            ProjectionStatus status,
            @Nullable ProjectionView running)
            throws SQLException {
        if (!SchemaMigration.isThere(connection, schema)) {
            return null;
        }
        connection.setSchema(schema);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LOOK)) {
            if (!row.next()) {
                return null;
            }
            ProjectionStatus.Snapshot seen = status.snapshot();
            OptionalLong lag = seen.lag();
            long position = row.getLong(2);
            return new ProjectionView(
                    name,
                    ProjectionView.word(seen.state()),
                    row.getString(1),
                    position,
                    row.getString(3),
                    running == null ? null : Math.max(0, running.position() - position),
                    lag.isPresent() ? lag.getAsLong() : null,
                    row.getString(4),
                    row.getString(5),
                    row.getObject(6, Long.class));
        }
    }

    /// Orders a rebuild beside the running tables.
    ///
    /// @return whether there was none under way
    boolean rebuild() {
        return migration.migrate(NextSchema.NAME);
    }

    /// Gives a rebuild up; the running tables stay.
    ///
    /// @return whether there was one
    boolean abandonRebuild() throws SQLException {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            boolean there = SchemaMigration.isThere(connection, NextSchema.NAME);
            statement.execute("SET lock_timeout = '5s'");
            statement.execute("DROP SCHEMA IF EXISTS read_next CASCADE");
            return there;
        }
    }

    /// Lifts the alarms, so that the events they are about are tried again.
    ///
    /// @return how many there were
    int resume() throws SQLException {
        int lifted = 0;
        try (Connection connection = dataSource.getConnection()) {
            for (String schema : List.of(ReadSchema.NAME, NextSchema.NAME)) {
                if (SchemaMigration.isThere(connection, schema)) {
                    connection.setSchema(schema);
                    try (Statement statement = connection.createStatement()) {
                        lifted += statement.executeUpdate(LIFT);
                    }
                }
            }
        }
        return lifted;
    }
}
