package io.headwater.query.pipeline;

import io.headwater.contract.FieldType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import tools.jackson.databind.node.ObjectNode;

/// The projection's checkpoint, as one server has it.
final class CheckpointRow {
    private static final String LOOK =
            """
            SELECT c.epoch, c.position, c.event_at, c.alarm, pg_is_in_recovery(),
                   pg_last_xact_replay_timestamp(),
                   CASE WHEN pg_is_in_recovery()
                        THEN pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) END
              FROM read.checkpoint c
             WHERE c.projection = 'records'
            """;

    private CheckpointRow() {}

    static void look(DataSource server, ObjectNode description) throws SQLException {
        try (Connection connection = server.getConnection();
                PreparedStatement statement = connection.prepareStatement(LOOK);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("there is no checkpoint: the read schema is being set up");
            }
            description.put("epoch", row.getString(1)).put(Stage.POSITION, row.getLong(2));
            time(row, 3, Stage.TIME, description);
            if (row.getString(4) != null) {
                description.put("alarm", row.getString(4));
            }
            boolean standby = row.getBoolean(5);
            description.put("server", standby ? "standby" : "primary");
            if (standby) {
                time(row, 6, "replayedTo", description);
                description.put("bytesToReplay", row.getLong(7));
            }
        }
    }

    private static void time(ResultSet row, int index, String name, ObjectNode description)
            throws SQLException {
        OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
        if (time != null) {
            description.put(name, FieldType.Moment.text(time.toInstant()));
        }
    }
}
