package io.headwater.query.standby;

import io.headwater.contract.ConsistencyToken;
import io.headwater.query.problem.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/// Where in the log a moment is, and whether the tables of history go back to it. Safe for
/// concurrent use.
@Component
public class PastReads {
    /// Positions have no gaps, and times ascend with them as far as the clocks of those who append
    /// agree: so halving finds the last event that is not later. It is looked for in the standby's
    /// own copy of the log, which may be ahead of the tables.
    private static final String PLACE =
            """
            WITH RECURSIVE halving (low, high) AS (
                SELECT 0::bigint, coalesce((SELECT max(position) FROM log.event), 0)
                UNION ALL
                SELECT CASE WHEN e.at_micros <= t.micros THEN e.position ELSE h.low END,
                       CASE WHEN e.at_micros <= t.micros THEN h.high ELSE e.position - 1 END
                  FROM halving h
                 CROSS JOIN (SELECT ?::bigint) AS t (micros)
                  JOIN log.event e ON e.position = (h.low + h.high + 1) / 2
                 WHERE h.low < h.high)
            SELECT (SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1), max(low)
              FROM halving
            """;

    private static final String SINCE =
            "SELECT epoch, position, history_since FROM read.checkpoint WHERE projection = 'records'";

    private final StandbyReads standby;

    /// As last seen; a rebuild makes it 0.
    private final AtomicLong since = new AtomicLong(Long.MAX_VALUE);

    PastReads(StandbyReads standby) {
        this.standby = standby;
    }

    /// The place of the last event that is not later.
    public ConsistencyToken at(Instant time) {
        return standby.read(connection -> place(connection, time));
    }

    /// @throws Refusal if the tables do not have the states of then
    public void requireHistory(long position) {
        if (position >= since.get()) {
            return;
        }
        Seen<Long> seen = standby.read(PastReads::since);
        since.set(seen.orRefuse());
        if (position < since.get()) {
            throw Refusal.of(
                            410,
                            "history-gone",
                            "The history does not go back so far",
                            ("The read model has every state from position %d of the log on, and the query is about %d."
                                            + " POST /projections/rebuild makes all of it anew")
                                    .formatted(since.get(), position))
                    .seenAt(seen.at().token());
        }
    }

    private static ConsistencyToken place(Connection connection, Instant time) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PLACE)) {
            statement.setLong(1, ChronoUnit.MICROS.between(Instant.EPOCH, time));
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next() || row.getString(1) == null) {
                    throw NoCheckpoint.refusal();
                }
                return new ConsistencyToken(row.getString(1), row.getLong(2));
            }
        }
    }

    private static Seen<Long> since(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SINCE);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw NoCheckpoint.refusal();
            }
            return Seen.of(new Checkpoint(row.getString(1), row.getLong(2)), row.getLong(3));
        }
    }
}
