package io.headwater.query;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Where no connection was to be had, the next try is a second later; until then it fails at once.
/// For while there is no primary, the driver asks every host each time, which costs each a process
/// and a handshake, and a pool would have it do so ten times in the first second: just when one of
/// them is about to take over. Safe for concurrent use.
final class UnhurriedDataSource extends DelegatingDataSource {
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private @Nullable SQLException failure;
    private long failedAt;

    UnhurriedDataSource(DataSource target) {
        super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
        synchronized (this) {
            if (failure != null && System.nanoTime() - failedAt < BETWEEN_TRIES.toNanos()) {
                throw new SQLTransientConnectionException(
                        failure.getMessage(), failure.getSQLState(), failure);
            }
        }
        try {
            var connection = super.getConnection();
            remember(null);
            return connection;
        } catch (SQLException e) {
            remember(e);
            throw e;
        }
    }

    private synchronized void remember(@Nullable SQLException outcome) {
        failure = outcome;
        failedAt = System.nanoTime();
    }
}
