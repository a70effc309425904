package io.headwater.query;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// For a pool to open its connections by: where none was to be had, the next try waits for a second
/// to go by. For while there is no primary, the driver asks every host each time, which costs each
/// a process and a handshake, and a pool would have it do so ten times in the first second: just
/// when one of them is about to take over. Safe for concurrent use.
final class UnhurriedDataSource extends DelegatingDataSource {
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private volatile long notBefore = System.nanoTime();

    UnhurriedDataSource(DataSource target) {
        super(target);
    }

    /// @throws SQLException also where the thread is interrupted while it waits
    @Override
    public Connection getConnection() throws SQLException {
        try {
            TimeUnit.NANOSECONDS.sleep(notBefore - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException(
                    "Interrupted before the next try to connect", "57014", e);
        }
        try {
            return super.getConnection();
        } catch (SQLException e) {
            notBefore = System.nanoTime() + BETWEEN_TRIES.toNanos();
            throw e;
        }
    }
}
