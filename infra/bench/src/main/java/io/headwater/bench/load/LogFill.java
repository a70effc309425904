package io.headwater.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;

/// Puts creations of customers at the end of a log by SQL, much faster than commands would, and as
/// appends would have left them: positions without gaps, time-ordered ids, one tag row for each
/// event.
public final class LogFill {
    // The same lock that appenders hold, so that a log that is in use may be filled.
    static final long LOCK = 0x6865616477617465L;

    private static final String FILL =
            """
            WITH appended AS (
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags, hash)
                SELECT g, id, 'headwater.RecordCreated', '1', 1767225600000000 + g * 100,
                       '{"model":"customer","modelVersion":1,"id":"' || id || '","revision":1,"fields":{'
                       || '"name":"Ada Lovelace of Ockham Park","email":"' || id || '@example.org","city":"London",'
                       || '"limit":"1250.00","tier":"gold","since":"2026-01-31",'
                       || '"note":"Prefers letters to calls; pays within ten days."}}',
                       '{"actor":"bench","cause":"' || id || '"}',
                       ARRAY['record=customer/' || id],
                       sha256('') -- no benchmark checks the chain of these
                  FROM generate_series(?::bigint, ?::bigint) AS g,
                       LATERAL (SELECT (lpad(to_hex(1767225600000 + g / 10), 12, '0') || '70008'
                                        || lpad(to_hex(g), 15, '0'))::uuid AS id) AS made
                RETURNING position, type, tags)
            INSERT INTO log.event_tag (tag, position, type)
            SELECT tag, position, type FROM appended, unnest(tags) AS tag
            """;

    private LogFill() {}

    /// @param superuser a connection of one, in auto-commit mode
    /// @param events how many to add
    /// @param perTransaction how many share a transaction
    /// @param progress told after each transaction how many are in
    /// @return position of the last
    public static long fill(
            Connection superuser, long events, int perTransaction, LongConsumer progress)
            throws SQLException {
        try (Statement statement = superuser.createStatement();
                PreparedStatement insert = superuser.prepareStatement(FILL)) {
            statement.execute("SET synchronous_commit = off");
            statement.execute("SET work_mem = '256MB'");
            superuser.setAutoCommit(false);
            long head = 0;
            for (long done = 0; done < events; ) {
                statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
                head = head(statement);
                long add = Math.min(perTransaction, events - done);
                insert.setLong(1, head + 1);
                insert.setLong(2, head + add);
                insert.execute();
                superuser.commit();
                head += add;
                done += add;
                progress.accept(done);
            }
            superuser.setAutoCommit(true);
            return head;
        }
    }

    /// Does what autovacuum would soon do, so that it does not do it in the middle of a
    /// measurement.
    public static void settle(Connection superuser) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute("VACUUM (ANALYZE) log.event");
            statement.execute("VACUUM (ANALYZE) log.event_tag");
            statement.execute("CHECKPOINT");
        }
    }

    private static long head(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT coalesce(max(position), 0) FROM log.event")) {
            row.next();
            return row.getLong(1);
        }
    }
}
