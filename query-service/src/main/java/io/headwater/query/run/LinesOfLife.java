package io.headwater.query.run;

import io.headwater.contract.Lines;
import io.headwater.contract.Lines.Line;
import io.headwater.query.rows.LogRecord;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which events of `headwater.log` a restore of the database has undone. The tables were restored
/// with the log, so what is undone must not be applied to them: the topic still has it. Not safe
/// for concurrent use.
final class LinesOfLife {
    private static final String QUERY = "SELECT epoch, after_position FROM log.epoch ORDER BY line";

    private final Lines lines;
    private final Set<String> begunElsewhere = new HashSet<>();

    /// @param connection to the database that has the log
    LinesOfLife(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUERY)) {
            List<Line> all = new ArrayList<>();
            while (rows.next()) {
                all.add(new Line(rows.getString(1), rows.getLong(2)));
            }
            lines = new Lines(all);
        }
    }

    /// Takes note of a line that began at this place of the topic. If the log does not know it, a
    /// later restore went back to before it began.
    void began(String epoch) {
        begunElsewhere.add(epoch);
    }

    /// Whether the log has this very event.
    boolean has(LogRecord event) {
        return event.position() <= lines.commonWith(event.epoch()).orElse(-1);
    }

    /// Whether the log had this event once and lost it.
    boolean isUndone(LogRecord event) {
        var kept = lines.commonWith(event.epoch());
        return kept.isPresent()
                ? event.position() > kept.getAsLong()
                : begunElsewhere.contains(event.epoch());
    }
}
