package io.headwater.query.projection;

import io.headwater.query.run.AlarmException;
import io.headwater.query.run.CheckpointTable;
import io.headwater.query.run.LogReader;
import io.headwater.query.run.LostLeaseException;
import io.headwater.query.run.ProjectionRun;
import io.headwater.query.run.ProjectionStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one schema up to date, for as long as the service runs: takes the lease or stands by,
/// projects, waits for PostgreSQL and Kafka where they are away, and stands still at an alarm until
/// it is lifted. One thread runs it.
final class ProjectionLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ProjectionLoop.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(100);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);

    private final ProjectionTarget target;
    private final DataSource dataSource;
    private final String bootstrapServers;
    private final String instance;
    private final ProjectionProperties properties;
    private final ProjectionStatus status;
    private volatile boolean stopping;
    private Duration backoff = SHORTEST_BACKOFF;
    private @Nullable String lastFailure;

    ProjectionLoop(
            ProjectionTarget target,
            DataSource dataSource,
            String bootstrapServers,
            String instance,
            ProjectionProperties properties,
            ProjectionStatus status) {
        this.target = target;
        this.dataSource = dataSource;
        this.bootstrapServers = bootstrapServers;
        this.instance = instance;
        this.properties = properties;
        this.status = status;
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                once();
            } catch (LostLeaseException e) {
                log.atInfo().addKeyValue("schema", target.schema()).log("checkpoint is another's");
                status.standingBy();
                pause(LOOK_AGAIN);
            } catch (SQLException | KafkaException e) {
                failed(e, false);
            } catch (RuntimeException | Error e) {
                // Nobody else would notice that this thread has died.
                failed(e, true);
            }
        }
    }

    /// Ends [#run] soon; the batch that is being written is finished.
    void stop() {
        stopping = true;
    }

    private void failed(Throwable failure, boolean surprise) {
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        if (!reason.equals(lastFailure)) {
            log.atWarn()
                    .addKeyValue("schema", target.schema())
                    .addKeyValue("reason", reason)
                    .setCause(surprise ? failure : null)
                    .log("projection waits and tries again");
        }
        lastFailure = reason;
        status.waiting(reason);
        pause(backoff);
        Duration longer = backoff.multipliedBy(2);
        backoff = longer.compareTo(LONGEST_BACKOFF) < 0 ? longer : LONGEST_BACKOFF;
    }

    private void once() throws SQLException, LostLeaseException {
        try (Connection connection = dataSource.getConnection()) {
            if (!target.prepare(connection)) {
                status.idle();
                backoff = SHORTEST_BACKOFF;
                pause(LOOK_AGAIN);
                return;
            }
            connection.setSchema(target.schema());
            CheckpointTable checkpoint =
                    CheckpointTable.acquire(connection, instance, properties.lease());
            if (checkpoint == null) {
                status.standingBy();
                backoff = SHORTEST_BACKOFF;
                pause(LOOK_AGAIN);
                return;
            }
            lead(connection, checkpoint);
        }
    }

    private void lead(Connection connection, CheckpointTable checkpoint)
            throws SQLException, LostLeaseException {
        nameEpoch(checkpoint);
        try (var reader = new LogReader(bootstrapServers, checkpoint.current().offset());
                var run =
                        new ProjectionRun(
                                connection, checkpoint, reader, properties.limits(), status)) {
            // Only once Kafka has answered do we project.
            status.projecting(checkpoint.current(), reader.askLag());
            backoff = SHORTEST_BACKOFF;
            lastFailure = null;
            log.atInfo()
                    .addKeyValue("schema", target.schema())
                    .addKeyValue("position", run.position())
                    .log("projecting");
            project(run, reader, checkpoint);
        } catch (AlarmException alarm) {
            standStill(checkpoint, alarm);
        }
        if (stopping) {
            checkpoint.release();
        }
    }

    /// The log's schema is another service's, and may come later than ours.
    private static void nameEpoch(CheckpointTable checkpoint) {
        try {
            checkpoint.nameEpoch();
        } catch (SQLException e) {
            log.atDebug().setCause(e).log("the log's epoch is not known yet");
        }
    }

    private void project(ProjectionRun run, LogReader reader, CheckpointTable checkpoint)
            throws SQLException, LostLeaseException, AlarmException {
        Duration third = properties.lease().dividedBy(3);
        Duration renewal = third.compareTo(LONGEST_SILENCE) < 0 ? third : LONGEST_SILENCE;
        long renewed = System.nanoTime();
        while (!stopping) {
            if (run.step(POLL) > 0) {
                renewed = System.nanoTime(); // the batch did
                status.lag(reader.lag());
            } else if (System.nanoTime() - renewed > renewal.toNanos()) {
                checkpoint.renew();
                nameEpoch(checkpoint);
                status.lag(java.util.OptionalLong.of(reader.askLag()));
                renewed = System.nanoTime();
            }
            if (reader.lag().isPresent() && target.tend(run, reader.lag().getAsLong())) {
                return;
            }
        }
    }

    private void standStill(CheckpointTable checkpoint, AlarmException alarm)
            throws SQLException, LostLeaseException {
        log.atError()
                .addKeyValue("schema", target.schema())
                .addKeyValue("position", alarm.position())
                .log("projection stands still: {}", alarm.getMessage());
        checkpoint.raise(alarm);
        status.alarmed(String.valueOf(alarm.getMessage()));
        while (!stopping) {
            pause(LOOK_AGAIN);
            if (checkpoint.renew() == null) {
                log.atInfo().addKeyValue("schema", target.schema()).log("alarm lifted");
                return;
            }
        }
    }

    private void pause(Duration time) {
        if (!stopping) {
            LockSupport.parkNanos(this, time.toNanos());
        }
    }
}
