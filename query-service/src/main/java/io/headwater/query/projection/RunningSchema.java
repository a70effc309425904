package io.headwater.query.projection;

import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.ProjectionRun;
import io.headwater.query.tables.ReadSchema;
import java.sql.Connection;
import java.sql.SQLException;

/// The schema that queries read. It is migrated at the start, and made anew if somebody dropped it.
final class RunningSchema implements ProjectionTarget {
    private final SchemaMigration migration;
    private boolean migrated;

    RunningSchema(SchemaMigration migration) {
        this.migration = migration;
    }

    @Override
    public String schema() {
        return ReadSchema.NAME;
    }

    @Override
    public boolean prepare(Connection connection) throws SQLException {
        if (!migrated || !SchemaMigration.isThere(connection, schema())) {
            migration.migrate(schema());
            migrated = true;
        }
        return true;
    }

    @Override
    public boolean tend(ProjectionRun run, long lag) {
        return false;
    }
}
