package io.headwater.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/// Puts changes of a customer at the end of a log by SQL, as changes over HTTP would have left
/// them. The record is there and at revision 1.
public final class LogChanges {
    private static final String CHANGE =
            """
            WITH head AS (SELECT coalesce(max(position), 0) AS position FROM log.event),
            appended AS (
                INSERT INTO log.event (position, id, type, version, at_micros, payload, metadata, tags)
                SELECT head.position + n, gen_random_uuid(), 'headwater.RecordChanged', '1',
                       1767225600000000 + (head.position + n) * 100,
                       '{"model":"customer","modelVersion":1,"id":"' || wanted.id || '","revision":' || n + 1
                       || ',"fields":{"name":"Ada Lovelace of Ockham Park","email":"ada@example.org","city":"London",'
                       || '"limit":"1250.00","tier":"gold","since":"2026-01-31","note":"n' || n
                       || '"},"changed":["note"]}',
                       '{"actor":"bench"}',
                       ARRAY['record=customer/' || wanted.id]
                  FROM head, (SELECT ?::text AS id) AS wanted, generate_series(1, ?::int) AS n
                RETURNING position, type, tags)
            INSERT INTO log.event_tag (tag, position, type)
            SELECT tag, position, type FROM appended, unnest(tags) AS tag
            """;

    private LogChanges() {}

    /// @param superuser a connection of one, in auto-commit mode
    /// @param id of a record that was created and not changed
    public static void add(Connection superuser, String id, int changes) throws SQLException {
        superuser.setAutoCommit(false);
        try (Statement lock = superuser.createStatement();
                PreparedStatement insert = superuser.prepareStatement(CHANGE)) {
            lock.execute("SELECT pg_advisory_xact_lock(" + LogFill.LOCK + ")");
            insert.setString(1, id);
            insert.setInt(2, changes);
            insert.execute();
            superuser.commit();
        } finally {
            superuser.setAutoCommit(true);
        }
    }
}
