package io.headwater.query.run;

import io.headwater.query.rows.LogRecord;
import io.headwater.query.rows.UnappliableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits rows and checkpoint together. Not safe for concurrent use.
final class ReadTransactions {
    private static final Logger log = LoggerFactory.getLogger(ReadTransactions.class);

    /// Bad values, broken constraints, rows too large.
    private static final Set<String> CLASSES_ABOUT_THE_EVENT = Set.of("22", "23", "54");

    /// Tables that are not as the catalogue says.
    private static final Set<String> STATES_ABOUT_THE_EVENT =
            Set.of("42P01", "42P07", "42701", "42703", "42804");

    private final Connection connection;
    private final CheckpointTable checkpoint;

    /// @param connection in auto-commit mode, its `search_path` the schema to write to
    ReadTransactions(Connection connection, CheckpointTable checkpoint) {
        this.connection = connection;
        this.checkpoint = checkpoint;
    }

    /// What a transaction does besides moving the checkpoint.
    interface Work {
        void write(Connection connection) throws SQLException;
    }

    /// Moves the checkpoint past the event and does the work: all or nothing.
    ///
    /// @throws UnappliableException if the work would fail again
    /// @throws SQLException if the work may succeed another time
    /// @throws LostLeaseException if the checkpoint is another's
    void commit(LogRecord last, Work work) throws SQLException, LostLeaseException {
        Checkpoint next = checkpoint.current().after(last);
        connection.setAutoCommit(false);
        try {
            checkpoint.advance(next);
            write(work);
            connection.commit();
        } catch (SQLException | LostLeaseException | RuntimeException e) {
            rollback(e);
            throw e;
        } finally {
            restoreAutoCommit();
        }
        checkpoint.advanced(next);
    }

    private void write(Work work) throws SQLException {
        try {
            work.write(connection);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (STATES_ABOUT_THE_EVENT.contains(state)
                    || CLASSES_ABOUT_THE_EVENT.contains(state.substring(0, 2))) {
                String message = String.valueOf(e.getMessage());
                throw new UnappliableException(
                        "PostgreSQL refuses it: " + message.lines().findFirst().orElse(state), e);
            }
            throw e;
        }
    }

    private void rollback(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void restoreAutoCommit() {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is gone; the next statement says so.
            log.atDebug().setCause(e).log("connection lost");
        }
    }
}
