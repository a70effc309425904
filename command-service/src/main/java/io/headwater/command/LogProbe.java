package io.headwater.command;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.springframework.stereotype.Component;

/// Asks the database whether it takes writes, without waiting for it to come back.
@Component
class LogProbe {
    private static final int SECONDS = 2;

    private final HikariDataSource database;

    LogProbe(HikariDataSource database) {
        this.database = database;
    }

    boolean isWritable() {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.setQueryTimeout(SECONDS);
            try (var row = statement.executeQuery("SELECT NOT pg_is_in_recovery()")) {
                return row.next() && row.getBoolean(1);
            }
        } catch (SQLException e) {
            return false;
        }
    }
}
