package io.headwater.relay;

import io.headwater.contract.Lines;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/// The table `log.event`, read by position: what the slot cannot give is made up from here. Used by
/// one thread.
final class Ledger {
    private static final int FIRST_FETCH = 16;

    private static final String EVENTS_FROM =
            """
            SELECT position, id::text, type, at_micros, payload, metadata
              FROM log.event
             WHERE position >= ?
               AND position <= ?
             ORDER BY position
             LIMIT ?
            """;

    private static final String NEWEST_OF =
            """
            SELECT event.position, event.id::text, event.type, event.at_micros, event.payload, event.metadata
              FROM unnest(?::text[]) AS wanted (tag)
             CROSS JOIN LATERAL (SELECT max(position) AS position
                                   FROM log.event_tag
                                  WHERE tag = wanted.tag COLLATE "C"
                                    AND position <= ?) AS newest
              JOIN log.event ON event.position = newest.position
             ORDER BY event.position
            """;

    private static final String HEAD = "SELECT coalesce(max(position), 0) FROM log.event";

    private static final String WAL_END = "SELECT pg_current_wal_flush_lsn()::text";

    private static final String NEXT_TRANSACTION =
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text";

    private static final String ENDED_BEFORE =
            "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= ?::text::xid8";

    private static final String LINES = "SELECT epoch, after_position FROM log.epoch ORDER BY line";

    private static final String ID_AT = "SELECT id::text FROM log.event WHERE position = ?";

    // Names of slots are plain words, so the list needs no more than cutting at its commas.
    private static final String UNCONFIRMED =
            """
            SELECT string_agg(wanted.name, ', ')
              FROM (SELECT trim(name, ' "') AS name
                      FROM unnest(string_to_array(current_setting('synchronized_standby_slots'), ',')) AS name) AS wanted
              LEFT JOIN pg_replication_slots AS slot ON slot.slot_name = wanted.name
             WHERE wanted.name <> ''
               AND (slot.restart_lsn IS NULL OR slot.restart_lsn < ?::pg_lsn)
            """;

    private final Connection connection;

    /// @param connection to the primary, in auto-commit
    Ledger(Connection connection) {
        this.connection = connection;
    }

    /// A place at which table and WAL agree: what was committed before `lsn` has a position of
    /// `head` or less, and what has a greater position is committed after `lsn`.
    ///
    /// @param head newest position; 0 for none
    record Cut(LogSequenceNumber lsn, long head) {}

    /// Finds such a place. A transaction is in the WAL a moment before others can see its rows, so
    /// all that were under way when the end of the WAL was looked up have to have ended first;
    /// whatever they do.
    ///
    /// @return empty if one of them goes on for longer than `patience`
    Optional<Cut> cut(Duration patience) throws SQLException, InterruptedException {
        var lsn = walEnd();
        var next = text(NEXT_TRANSACTION);
        long deadline = System.nanoTime() + patience.toNanos();
        while (!endedBefore(next)) {
            if (System.nanoTime() > deadline) {
                return Optional.empty();
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return Optional.of(new Cut(lsn, head()));
    }

    /// The newest position that can be seen; 0 for none.
    long head() throws SQLException {
        return Long.parseLong(text(HEAD));
    }

    /// Commits a sign of life, which readers of the slot meet. The commit waits for standbys as any
    /// does, so once this returns they have whatever could be seen before: also what this server
    /// has from the primary before it, and nobody has confirmed to this one.
    void commitNothing() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(WalReader.SIGN_OF_LIFE);
        }
    }

    /// The end of the WAL of all that can be seen, once it is on the disk and standbys have it whom
    /// commits wait for: a crash now loses nothing before it.
    LogSequenceNumber endOfSeen() throws SQLException {
        commitNothing();
        return walEnd();
    }

    /// The end of the WAL that is on the disk: a crash now loses nothing before it.
    private LogSequenceNumber walEnd() throws SQLException {
        return LogSequenceNumber.valueOf(text(WAL_END));
    }

    private boolean endedBefore(String transaction) throws SQLException {
        try (var statement = connection.prepareStatement(ENDED_BEFORE)) {
            statement.setString(1, transaction);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getBoolean(1);
            }
        }
    }

    private String text(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /// The log's lines of life.
    Lines lines() throws SQLException {
        var lines = new ArrayList<Lines.Line>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(LINES)) {
            while (rows.next()) {
                lines.add(new Lines.Line(rows.getString(1), rows.getLong(2)));
            }
        }
        if (lines.isEmpty()) {
            throw new Obstacle(
                    Obstacle.Kind.LOG_NOT_MIGRATED,
                    "log.epoch is empty: the migrations of the log put the first row there.");
        }
        return new Lines(lines);
    }

    /// The newest event of each record up to a position; none of a record that had none by then.
    ///
    /// @param records `<model>/<id>` each
    List<StoredEvent> newestOf(Collection<String> records, long upTo) throws SQLException {
        var events = new ArrayList<StoredEvent>();
        try (var statement = connection.prepareStatement(NEWEST_OF)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", records.stream().map(record -> "record=" + record).toArray()));
            statement.setLong(2, upTo);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(event(rows));
                }
            }
        }
        return events;
    }

    /// The id of the event at a position; null if there is none.
    @Nullable String idAt(long position) throws SQLException {
        try (var statement = connection.prepareStatement(ID_AT)) {
            statement.setLong(1, position);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    /// The events from one position to another, both inclusive, without a hole: at most
    /// `maxEvents`, and no more after `maxBytes` are passed, but at least one.
    ///
    /// @throws Obstacle if one of them is missing; names the positions
    List<StoredEvent> read(long from, long to, int maxEvents, long maxBytes) throws SQLException {
        var events = new ArrayList<StoredEvent>();
        long next = from;
        long bytes = 0;
        connection.setAutoCommit(false); // or the driver reads the whole answer at once
        try (var statement = connection.prepareStatement(EVENTS_FROM)) {
            statement.setFetchSize(FIRST_FETCH);
            statement.setLong(1, from);
            statement.setLong(2, to);
            statement.setInt(3, maxEvents);
            try (var rows = statement.executeQuery()) {
                while (bytes < maxBytes && rows.next()) {
                    var event = event(rows);
                    if (event.position() != next) {
                        throw gap(next, event.position() - 1);
                    }
                    next++;
                    bytes += event.size();
                    events.add(event);
                }
            }
        } finally {
            connection.setAutoCommit(true);
        }
        if (events.isEmpty()) {
            throw gap(from, to);
        }
        return events;
    }

    /// Names of the slots in `synchronized_standby_slots` whose standbys have not confirmed the WAL
    /// up to there; null if all have. The server withholds from a slot's reader what they have not;
    /// who reads the table has to ask.
    @Nullable String standbysBehind(LogSequenceNumber lsn) throws SQLException {
        try (var statement = connection.prepareStatement(UNCONFIRMED)) {
            statement.setString(1, lsn.asString());
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getString(5),
                row.getString(6));
    }

    private static Obstacle gap(long first, long last) {
        return new Obstacle(
                Obstacle.Kind.GAP_IN_LOG,
                "The log has a hole: %s missing in log.event. Nothing after position %d is published. Positions are gapless by design, so rows were deleted or a restore is not complete: find out which before anything else."
                        .formatted(
                                first == last
                                        ? "position " + first + " is"
                                        : "positions " + first + " to " + last + " are",
                                first - 1));
    }
}
