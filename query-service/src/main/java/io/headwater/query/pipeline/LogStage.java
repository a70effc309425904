package io.headwater.query.pipeline;

import io.headwater.contract.FieldType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// The event log on the primary.
@Component
@Order(1)
final class LogStage implements Stage {
    private static final String HEAD =
            """
            SELECT l.epoch, e.position, e.at_micros
              FROM (SELECT epoch FROM log.epoch ORDER BY line DESC LIMIT 1) l
              LEFT JOIN (SELECT position, at_micros FROM log.event ORDER BY position DESC LIMIT 1) e ON true
            """;

    private final DataSource primary;

    LogStage(@Qualifier("primaryQueryDataSource") DataSource primary) {
        this.primary = primary;
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public void look(ObjectNode description) throws SQLException {
        try (Connection connection = primary.getConnection();
                PreparedStatement statement = connection.prepareStatement(HEAD);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the log has no epoch: it was not migrated");
            }
            description.put("epoch", row.getString(1));
            description.put(POSITION, row.getLong(2));
            if (!row.wasNull()) {
                Instant at = Instant.EPOCH.plus(row.getLong(3), ChronoUnit.MICROS);
                description.put(TIME, FieldType.Moment.text(at));
            }
        }
    }
}
