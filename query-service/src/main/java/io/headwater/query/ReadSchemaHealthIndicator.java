package io.headwater.query;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Whether queries can be answered: some server is there and has the read schema. How old its rows
/// are does not count; clients that care say so in each query.
@Component
final class ReadSchemaHealthIndicator implements HealthIndicator {
    private static final String LOOK =
            """
            SELECT c.epoch, c.position, pg_is_in_recovery()
              FROM read.checkpoint c
             WHERE c.projection = 'records'
            """;

    private final DataSource dataSource;

    ReadSchemaHealthIndicator(@Qualifier("queryDataSource") DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Health health() {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(2);
            try (ResultSet row = statement.executeQuery(LOOK)) {
                return row.next()
                        ? Health.up()
                                .withDetail("epoch", row.getString(1))
                                .withDetail("position", row.getLong(2))
                                .withDetail("standby", row.getBoolean(3))
                                .build()
                        : Health.down().withDetail("reason", "read.checkpoint is empty").build();
            }
        } catch (SQLException e) {
            return Health.down().withDetail("reason", String.valueOf(e.getMessage())).build();
        }
    }
}
