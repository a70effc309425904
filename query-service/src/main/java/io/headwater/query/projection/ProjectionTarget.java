package io.headwater.query.projection;

import io.headwater.query.run.AlarmException;
import io.headwater.query.run.LostLeaseException;
import io.headwater.query.run.ProjectionRun;
import java.sql.Connection;
import java.sql.SQLException;

/// A schema that the log is applied to.
sealed interface ProjectionTarget permits RunningSchema, NextSchema {
    String schema();

    /// Makes the schema ready, if it is to be there.
    ///
    /// @param connection as the projecting role, in auto-commit mode
    /// @return whether there is a schema to fill
    boolean prepare(Connection connection) throws SQLException;

    /// Called between batches.
    ///
    /// @param lag records that are known to lie there
    /// @return whether this run is over
    boolean tend(ProjectionRun run, long lag)
            throws SQLException, LostLeaseException, AlarmException;
}
