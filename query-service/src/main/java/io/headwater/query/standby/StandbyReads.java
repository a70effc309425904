package io.headwater.query.standby;

import io.headwater.query.problem.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Runs reads on the standby: so many at once, and again where a standby's life got in the way.
/// Safe for concurrent use.
@Component
public class StandbyReads {
    private static final Logger LOG = LoggerFactory.getLogger(StandbyReads.class);
    // A server that goes takes all connections of the pool with it, and the pool looks at few of
    // them before it hands them out: so a read may meet many dead ones, one after the other.
    private static final int ATTEMPTS_AT_LEAST = 3;
    private static final Duration TRIED_FOR = Duration.ofSeconds(2);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(20);

    private final DataSource standby;
    private final ReadProperties properties;
    private final Semaphore turns;

    private final Counter retries;

    StandbyReads(
            @Qualifier("queryDataSource") DataSource standby,
            ReadProperties properties,
            MeterRegistry meters) {
        this.retries =
                Counter.builder("headwater.reads.retries")
                        .description(
                                "Reads tried again after a lost connection or a conflict with recovery")
                        .register(meters);
        this.standby = standby;
        this.properties = properties;
        this.turns = new Semaphore(properties.maxConcurrent(), true);
        Gauge.builder("headwater.reads.queued", turns, Semaphore::getQueueLength)
                .description("Queries that wait for their turn")
                .register(meters);
    }

    /// Something read from one connection. It may be run several times.
    @FunctionalInterface
    public interface Read<T> {
        T from(Connection connection) throws SQLException;
    }

    /// @throws SchemaMoved if the tables are not what the statement takes them for: a model has
    ///   changed, or a rebuild has been swapped in
    /// @throws Refusal if the service is too busy, the standby cannot be read, or the statement
    ///   takes too long
    public <T> T read(Read<T> read) {
        takeTurn();
        try {
            long giveUp = System.nanoTime() + TRIED_FOR.toNanos();
            for (int attempt = 1; ; attempt++) {
                try (Connection connection = standby.getConnection()) {
                    return read.from(connection);
                } catch (SQLException failure) {
                    settle(failure, attempt, giveUp);
                }
            }
        } finally {
            turns.release();
        }
    }

    private void takeTurn() {
        boolean taken = turns.getQueueLength() <= properties.maxQueued() && tryTurn();
        if (!taken) {
            throw Refusal.later(
                    "busy",
                    "Too many queries",
                    "The service is busy with other queries; try again in a moment");
        }
    }

    private boolean tryTurn() {
        try {
            return turns.tryAcquire(properties.turnWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Returns if it is worth another attempt.
    private void settle(SQLException failure, int attempt, long giveUp) {
        switch (Mishap.of(failure)) {
            case SCHEMA -> throw new SchemaMoved(failure);
            case SLOW ->
                    throw Refusal.later(
                            "query-timeout",
                            "The query takes too long",
                            "The database gave the query up; filter and sort by indexed fields, or ask for less");
            case VALUE ->
                    throw Refusal.of(
                            400,
                            "incomparable",
                            "Values cannot be compared",
                            "A json value in the filter or in a record cannot be compared: a number in it is too large");
            case LARGE ->
                    throw Refusal.of(
                            400,
                            "too-large",
                            "The answer is too large",
                            "The database cannot hold what is asked for; ask for fewer records, or expand less");
            case PASSING -> {
                if (attempt >= ATTEMPTS_AT_LEAST && System.nanoTime() > giveUp) {
                    LOG.atWarn()
                            .addKeyValue("state", failure.getSQLState())
                            .addKeyValue("attempts", attempt)
                            .log("read given up: {}", failure.getMessage());
                    throw Refusal.later(
                            "standby-unavailable",
                            "The read side cannot be reached",
                            "No database could answer the query just now; try again in a moment");
                }
                retries.increment();
                LockSupport.parkNanos(
                        BETWEEN_ATTEMPTS.toNanos() * Math.min(attempt, ATTEMPTS_AT_LEAST));
            }
            case OTHER ->
                    throw new IllegalStateException(
                            "A read failed: " + failure.getMessage(), failure);
        }
    }
}
