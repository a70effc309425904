package io.headwater.query.run;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The row `checkpoint` of the schema that the connection's `search_path` names, and with it the
/// right to write there.
///
/// One instance has the lease; it is renewed with every batch, and the database's clock measures
/// it. The lease only keeps instances from disturbing each other. What keeps the tables right is
/// the fence: it changes with the leader, and each transaction first moves the checkpoint *on
/// condition of* its own fence and position. So an instance that was frozen and thawed changes
/// nothing, whatever it believes.
///
/// Not safe for concurrent use, as its connection; but any thread may ask for [#current()].
public final class CheckpointTable {
    private static final String ACQUIRE =
            """
            UPDATE checkpoint
               SET fence = fence + 1,
                   leader = ?,
                   lease_until = clock_timestamp() + make_interval(secs => ?)
             WHERE projection = 'records'
               AND (leader = ? OR lease_until < clock_timestamp())
            RETURNING fence, epoch, position, kafka_offset, to_json(event_at) #>> '{}'
            """;

    private static final String NAME_EPOCH =
            """
            UPDATE checkpoint
               SET epoch = (SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1)
             WHERE projection = 'records' AND fence = ? AND epoch = ''
            RETURNING epoch
            """;

    private static final String ADVANCE =
            """
            UPDATE checkpoint
               SET epoch = ?, position = ?, kafka_offset = ?, event_at = ?::timestamptz,
                   lease_until = clock_timestamp() + make_interval(secs => ?),
                   alarm = NULL, alarm_position = NULL, alarmed_at = NULL
             WHERE projection = 'records' AND fence = ? AND position = ?
            """;

    private static final String RENEW =
            """
            UPDATE checkpoint
               SET lease_until = clock_timestamp() + make_interval(secs => ?)
             WHERE projection = 'records' AND fence = ?
            RETURNING alarm
            """;

    private static final String RELEASE =
            """
            UPDATE checkpoint
               SET lease_until = '-infinity'
             WHERE projection = 'records' AND fence = ?
            """;

    private static final String RAISE =
            """
            UPDATE checkpoint
               SET alarm = ?, alarm_position = ?, alarmed_at = clock_timestamp()
             WHERE projection = 'records' AND fence = ?
            """;

    private final Connection connection;
    private final double leaseSeconds;
    private final long fence;
    private volatile Checkpoint current;

    private CheckpointTable(
            Connection connection, double leaseSeconds, long fence, Checkpoint current) {
        this.connection = connection;
        this.leaseSeconds = leaseSeconds;
        this.fence = fence;
        this.current = current;
    }

    /// Takes the lease, if it is free or was ours.
    ///
    /// @param connection in auto-commit mode
    /// @param instance our name; no two instances have the same
    /// @return null if another instance has it
    public static @Nullable CheckpointTable acquire(
            Connection connection, String instance, Duration lease) throws SQLException {
        double seconds = lease.toMillis() / 1000.0;
        try (PreparedStatement statement = connection.prepareStatement(ACQUIRE)) {
            statement.setString(1, instance);
            statement.setDouble(2, seconds);
            statement.setString(3, instance);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                var found =
                        new Checkpoint(
                                row.getString(2), row.getLong(3), row.getLong(4), row.getString(5));
                return new CheckpointTable(connection, seconds, row.getLong(1), found);
            }
        }
    }

    public Checkpoint current() {
        return current;
    }

    /// Takes the epoch from the log while no event has named it, so that readers can give tokens
    /// from the start.
    public void nameEpoch() throws SQLException {
        if (!current.epoch().isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(NAME_EPOCH)) {
            statement.setLong(1, fence);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    current =
                            new Checkpoint(
                                    row.getString(1),
                                    current.position(),
                                    current.offset(),
                                    current.eventAt());
                }
            }
        }
    }

    /// Moves the checkpoint and locks it until the end of the transaction; the first statement of
    /// each. [#advanced] tells of the commit.
    ///
    /// @throws LostLeaseException if the checkpoint is not as we left it: roll back
    void advance(Checkpoint next) throws SQLException, LostLeaseException {
        try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setString(1, next.epoch());
            statement.setLong(2, next.position());
            statement.setLong(3, next.offset());
            statement.setString(4, next.eventAt());
            statement.setDouble(5, leaseSeconds);
            statement.setLong(6, fence);
            statement.setLong(7, current.position());
            if (statement.executeUpdate() != 1) {
                throw new LostLeaseException();
            }
        }
    }

    /// The transaction that moved the checkpoint is committed.
    void advanced(Checkpoint next) {
        current = next;
    }

    /// Keeps the lease.
    ///
    /// @return the alarm that stands; null for none
    /// @throws LostLeaseException if it is no longer ours
    public @Nullable String renew() throws SQLException, LostLeaseException {
        try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setDouble(1, leaseSeconds);
            statement.setLong(2, fence);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new LostLeaseException();
                }
                return row.getString(1);
            }
        }
    }

    /// Gives the lease up, so that another instance need not wait for its end.
    public void release() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setLong(1, fence);
            statement.executeUpdate();
        }
    }

    /// Writes an alarm down; the next [#advance] takes it back.
    public void raise(AlarmException alarm) throws SQLException, LostLeaseException {
        try (PreparedStatement statement = connection.prepareStatement(RAISE)) {
            statement.setString(1, alarm.getMessage());
            statement.setLong(2, alarm.position());
            statement.setLong(3, fence);
            if (statement.executeUpdate() != 1) {
                throw new LostLeaseException();
            }
        }
    }
}
