package io.headwater.query.log;

import io.headwater.contract.Lines;
import io.headwater.query.standby.StandbyReads;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/// The table `log.event` on a standby, read in pages that are bounded in rows and in bytes. Safe
/// for concurrent use.
@Component
public class LogTable {
    private static final int ROWS = 1_000;
    private static final int BYTES = 1 << 20;

    private static final String HEAD =
            """
            SELECT ARRAY(SELECT epoch FROM log.epoch ORDER BY line),
                   ARRAY(SELECT after_position FROM log.epoch ORDER BY line),
                   (SELECT coalesce(max(position), 0) FROM log.event)
            """;

    // Positions have no gaps, so a page can be told by its last one.
    private static final String LAST_OF_PAGE =
            """
            WITH head AS MATERIALIZED (
                SELECT (SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1) AS epoch,
                       (SELECT coalesce(max(position), 0) FROM log.event) AS head),
            last AS MATERIALIZED (
                SELECT max(s.position) AS position
                  FROM (SELECT p.position, p.bytes, sum(p.bytes) OVER (ORDER BY p.position) AS sum
                          FROM (SELECT e.position, octet_length(e.payload)::bigint + octet_length(e.metadata) AS bytes
                                  FROM log.event e
                                 WHERE e.position > ? AND e.position <= ?
                                 ORDER BY e.position
                                 LIMIT ?) p) s
                 WHERE s.sum - s.bytes < ?)
            """;

    private static final String LINES =
            LAST_OF_PAGE
                    + """
                    SELECT h.epoch, h.head, e.position, e.hash, e.json
                      FROM head h
                      LEFT JOIN (
                           SELECT e.position, encode(e.hash, 'hex') AS hash, log.event_json(e) AS json
                             FROM log.event e
                            WHERE e.position > ? AND e.position <= (SELECT position FROM last)) e ON true
                     ORDER BY e.position
                    """;

    private static final String EVENTS =
            LAST_OF_PAGE
                    + """
                    SELECT h.epoch, h.head, e.position, e.id, e.type, e.at_micros, e.payload, e.metadata
                      FROM head h
                      LEFT JOIN (
                           SELECT e.position, e.id::text, e.type, e.at_micros, e.payload, e.metadata
                             FROM log.event e
                            WHERE e.position > ? AND e.position <= (SELECT position FROM last)) e ON true
                     ORDER BY e.position
                    """;

    private final StandbyReads standby;

    LogTable(StandbyReads standby) {
        this.standby = standby;
    }

    /// How far the log goes on the standby that was asked.
    public record Head(Lines lines, long position) {}

    /// A line of `GET /log`.
    ///
    /// @param json the bytes that are hashed
    @SuppressWarnings("ArrayRecordComponent") // not compared, not changed
    record Line(long position, String hash, byte[] json) {}

    /// An event.
    ///
    /// @param payload JSON
    /// @param metadata JSON, a flat object of strings
    public record Event(
            long position,
            String id,
            String type,
            long atMicros,
            String payload,
            String metadata) {}

    public Head head() {
        return standby.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(HEAD);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                var epochs = (String[]) row.getArray(1).getArray();
                var positions = (Long[]) row.getArray(2).getArray();
                List<Lines.Line> lines = new ArrayList<>();
                for (int i = 0; i < epochs.length; i++) {
                    lines.add(new Lines.Line(epochs[i], positions[i]));
                }
                return new Head(new Lines(lines), row.getLong(3));
            }
        });
    }

    /// A stretch of the log.
    ///
    /// @param epoch current line of life on the standby that was asked
    /// @param head how far the log goes there
    public record Page<T>(String epoch, long head, List<T> items) {}

    /// The next lines, at least one if there is one.
    ///
    /// @param upTo last position of interest, inclusive
    Page<Line> lines(long after, long upTo) {
        return page(
                LINES,
                after,
                upTo,
                BYTES,
                row -> new Line(row.getLong(3), row.getString(4), row.getBytes(5)));
    }

    /// The next events, at least one if there is one.
    ///
    /// @param bytes where the page ends: what the last event in it has more may come on top
    public Page<Event> events(long after, int bytes) {
        return page(
                EVENTS,
                after,
                Long.MAX_VALUE,
                bytes,
                row ->
                        new Event(
                                row.getLong(3),
                                row.getString(4),
                                row.getString(5),
                                row.getLong(6),
                                row.getString(7),
                                row.getString(8)));
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private <T> Page<T> page(String sql, long after, long upTo, int bytes, Row<T> made) {
        return standby.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, after);
                statement.setLong(2, upTo);
                statement.setInt(3, ROWS);
                statement.setLong(4, bytes);
                statement.setLong(5, after);
                List<T> items = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    Page<T> page = new Page<>(rows.getString(1), rows.getLong(2), items);
                    if (rows.getObject(3) != null) {
                        do {
                            items.add(made.of(rows));
                        } while (rows.next());
                    }
                    return page;
                }
            }
        });
    }
}
