package io.headwater.query.run;

import io.headwater.contract.ModelEvent;
import io.headwater.query.rows.LogRecord;
import io.headwater.query.rows.ModelCatalogue;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Applies one event about a model in a transaction of its own, so that a table is locked as
/// briefly as can be.
final class ModelChange {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /// Readers queue behind a lock that is waited for, so we do not wait for long, and ask again.
    private static final String PATIENCE = "SET LOCAL lock_timeout = '200ms'";

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);
    private static final int MOST_ATTEMPTS = 1_000;

    private final ReadTransactions transactions;
    private final ModelCatalogue catalogue;

    ModelChange(ReadTransactions transactions, ModelCatalogue catalogue) {
        this.transactions = transactions;
        this.catalogue = catalogue;
    }

    /// @throws UnappliableException if the event does not follow on what is known of the model
    /// @throws SQLException if it could not be applied now, for example because a table was locked
    ///   for minutes
    void commit(ModelEvent event, LogRecord origin) throws SQLException, LostLeaseException {
        for (int attempt = 1; ; attempt++) {
            try {
                transactions.commit(origin, connection -> apply(connection, event, origin));
                catalogue.follow(event);
                return;
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    private void apply(Connection connection, ModelEvent event, LogRecord origin)
            throws SQLException {
        int timeout = connection.getNetworkTimeout();
        // An index on a large table takes its time.
        connection.setNetworkTimeout(Runnable::run, 0);
        try (Statement statement = connection.createStatement()) {
            statement.execute(PATIENCE);
            catalogue.apply(connection, event, origin);
        } finally {
            connection.setNetworkTimeout(Runnable::run, timeout);
        }
    }
}
