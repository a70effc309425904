package io.headwater.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/// One connection of an appender, and what it does there. Not safe for concurrent use.
///
/// PostgreSQL makes a commit visible before it releases the locks of the transaction. So whoever
/// holds the lock of the log sees, in a statement that begins after it got the lock, everything
/// that was ever appended.
final class AppendSession implements AutoCloseable {

    private final Connection connection;
    private final String epoch;

    /// What the log says about a batch.
    ///
    /// @param head last position before the batch
    /// @param conflicting indexes of the appends that an event in the log refuses
    record Verdict(long head, Set<Integer> conflicting) {}

    /// @param answer longest that a statement may take; the server ends a transaction of ours that
    ///   stands still for half as long, so that a frozen process cannot keep the lock
    AppendSession(DataSource database, Duration answer) throws SQLException {
        connection = database.getConnection();
        try {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setNetworkTimeout(Runnable::run, (int) answer.toMillis());
            try (PreparedStatement statement =
                    connection.prepareStatement(AppendSql.SET_TIMEOUTS)) {
                String half = Long.toString(answer.toMillis() / 2);
                statement.setString(1, half);
                statement.setString(2, half);
                statement.execute();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(AppendSql.PLAN_ONCE);
                try (ResultSet row = statement.executeQuery(AppendSql.READ_EPOCH)) {
                    row.next();
                    epoch = row.getString(1);
                }
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            discard();
            throw e;
        }
    }

    /// The log's line of life when this session began; a restore ends the session.
    String epoch() {
        return epoch;
    }

    /// Appends whatever no event in the log refuses, and commits, in one round trip. After an
    /// exception the outcome is unknown unless [Outage#leftNothing].
    Verdict append(List<PendingAppend> batch) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(AppendSql.LOCK_CHECK_INSERT_AND_COMMIT)) {
            statement.setLong(1, AppendSql.LOCK);
            criteriaOf(batch).bind(statement, 2);
            new EventColumns(batch).bind(statement, 7);
            return verdict(statement);
        }
    }

    /// Takes the lock and asks the log about a batch; nothing is written yet.
    Verdict lockAndCheck(List<PendingAppend> batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(AppendSql.LOCK_AND_CHECK)) {
            statement.setLong(1, AppendSql.LOCK);
            criteriaOf(batch).bind(statement, 2);
            return verdict(statement);
        }
    }

    /// Appends after [#lockAndCheck], and commits. After an exception the outcome is unknown unless
    /// [Outage#leftNothing].
    void insertAndCommit(long head, List<PendingAppend> accepted) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(AppendSql.INSERT_AND_COMMIT)) {
            statement.setLong(1, head);
            new EventColumns(accepted).bind(statement, 2);
            statement.execute();
        }
    }

    /// Ends a transaction that has nothing to write.
    void rollback() throws SQLException {
        connection.rollback();
    }

    /// Where events are, of those that are in the log, asked once the transaction that was to
    /// append them is over: its backend holds the lock until then.
    ///
    /// @param after a position that they can only be after
    Map<UUID, Long> lookUp(Collection<UUID> ids, long after) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(AppendSql.LOCK_AND_LOOK_UP)) {
            statement.setLong(1, AppendSql.LOCK);
            statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
            statement.setLong(3, after);
            Map<UUID, Long> found = new HashMap<>();
            try (ResultSet rows = secondResult(statement)) {
                while (rows.next()) {
                    found.put(rows.getObject(1, UUID.class), rows.getLong(2));
                }
            }
            connection.rollback();
            return found;
        }
    }

    private static CriteriaColumns criteriaOf(List<PendingAppend> batch) {
        CriteriaColumns criteria = new CriteriaColumns();
        for (int i = 0; i < batch.size(); i++) {
            AppendCondition condition = batch.get(i).request().condition();
            for (Criterion criterion : condition.criteria()) {
                criteria.add(i, condition.after(), criterion);
            }
        }
        return criteria;
    }

    private static Verdict verdict(PreparedStatement statement) throws SQLException {
        try (ResultSet row = secondResult(statement)) {
            row.next();
            Integer[] conflicting = (Integer[]) row.getArray(2).getArray();
            return new Verdict(row.getLong(1), new HashSet<>(List.of(conflicting)));
        }
    }

    /// The first is that of the lock.
    private static ResultSet secondResult(PreparedStatement statement) throws SQLException {
        statement.execute();
        statement.getMoreResults();
        return statement.getResultSet();
    }

    /// Gives the connection back as it was.
    @Override
    public void close() {
        try (Statement statement = connection.createStatement()) {
            connection.rollback();
            statement.execute(
                    "RESET lock_timeout; RESET idle_in_transaction_session_timeout; RESET plan_cache_mode");
            connection.commit();
            connection.setNetworkTimeout(Runnable::run, 0);
            connection.setAutoCommit(true);
            connection.close();
        } catch (SQLException e) {
            discard();
        }
    }

    /// Cuts the connection, so that a pool cannot hand it out again in the middle of a transaction.
    void discard() {
        try (connection) {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            // It is gone either way.
        }
    }
}
