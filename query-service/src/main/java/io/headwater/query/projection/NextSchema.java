package io.headwater.query.projection;

import static org.jooq.impl.DSL.name;

import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.AlarmException;
import io.headwater.query.run.BatchLimits;
import io.headwater.query.run.LostLeaseException;
import io.headwater.query.run.ProjectionRun;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The schema that a rebuild fills beside the one that is read. That it is there is the order to
/// fill it: any instance goes on with it, after a crash too. Once it is as far as the running one,
/// the two change names in one transaction that locks no table.
final class NextSchema implements ProjectionTarget {
    static final String NAME = "read_next";

    private static final Logger log = LoggerFactory.getLogger(NextSchema.class);
    private static final Duration STEP = Duration.ofMillis(50);

    /// How long the running projection may have to wait while the last events are applied.
    private static final Duration LAST_STRETCH = Duration.ofSeconds(1);

    private static final String LOCK_RUNNING =
            """
            SELECT position FROM read.checkpoint WHERE projection = 'records' FOR UPDATE
            """;

    /// The fences move, so that whoever writes to either schema has to look again.
    private static final List<String> SWAP =
            List.of(
                    """
                    UPDATE read_next.checkpoint AS next
                       SET fence = next.fence + 1, leader = running.leader, lease_until = running.lease_until
                      FROM read.checkpoint AS running
                    """,
                    "UPDATE read.checkpoint SET fence = fence + 1",
                    "ALTER SCHEMA read RENAME TO read_old",
                    "ALTER SCHEMA read_next RENAME TO read");

    private static final String OLD_TABLES =
            """
            SELECT c.relname
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'read_old' AND c.relkind = 'r'
            """;

    private final DataSource owner;
    private final BatchLimits limits;

    NextSchema(DataSource owner, BatchLimits limits) {
        this.owner = owner;
        this.limits = limits;
    }

    @Override
    public String schema() {
        return NAME;
    }

    @Override
    public boolean prepare(Connection connection) throws SQLException {
        if (SchemaMigration.isThere(connection, "read_old")) {
            dropOld();
        }
        return SchemaMigration.isThere(connection, NAME);
    }

    @Override
    public boolean tend(ProjectionRun run, long lag)
            throws SQLException, LostLeaseException, AlarmException {
        if (lag > limits.rows() || !isNear(run)) {
            return false;
        }
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL lock_timeout = '2s'");
            long target = position(statement);
            long deadline = System.nanoTime() + LAST_STRETCH.toNanos();
            while (run.position() < target && System.nanoTime() < deadline) {
                run.step(STEP);
            }
            if (run.position() < target) {
                connection.rollback();
                return false;
            }
            for (String sql : SWAP) {
                statement.execute(sql);
            }
            connection.commit();
        }
        log.atInfo().addKeyValue("position", run.position()).log("rebuilt read schema is in use");
        return true;
    }

    /// Whether the running projection is so near that the last stretch is short.
    private boolean isNear(ProjectionRun run) throws SQLException {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT position FROM read.checkpoint WHERE projection = 'records'")) {
            return row.next() && row.getLong(1) - run.position() <= limits.rows();
        }
    }

    private static long position(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(LOCK_RUNNING)) {
            if (!row.next()) {
                throw new SQLException("read.checkpoint has no row for the projection");
            }
            return row.getLong(1);
        }
    }

    /// Table by table: a query that still reads one of them holds up that one only, and is never
    /// cut off.
    private void dropOld() throws SQLException {
        try (Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '200ms'");
            for (String table : oldTables(statement)) {
                if (!table.equals("checkpoint")) {
                    statement.execute("DROP TABLE %s".formatted(name("read_old", table)));
                }
            }
            // Last, since it is what tells that there is something to drop.
            statement.execute("DROP SCHEMA read_old CASCADE");
        }
    }

    private static List<String> oldTables(Statement statement) throws SQLException {
        var tables = new ArrayList<String>();
        try (ResultSet rows = statement.executeQuery(OLD_TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}
