package io.headwater.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// The relay's thread: waits for the lead, and while it has it brings every event from the log to
/// Kafka. Whatever fails, it says why in [RelayState], waits a little longer each time, and begins
/// again from what Kafka has.
final class Relay implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LOOK_AT_KAFKA_EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    private final RelayProperties.Relay settings;
    private final LogServer server;
    private final KafkaClients kafka;
    private final RelayState state;
    private final RelayMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;
    private @Nullable Publisher publisher;

    Relay(
            RelayProperties properties,
            LogServer server,
            KafkaClients kafka,
            RelayState state,
            RelayMetrics metrics) {
        this.settings = properties.relay();
        this.server = server;
        this.kafka = kafka;
        this.state = state;
        this.metrics = metrics;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().name("relay").start(this::run);
    }

    @Override
    public void stop() {
        stopping.countDown();
        var running = thread;
        if (running != null) {
            try {
                if (!running.join(STOP_WITHIN)) {
                    running.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null && stopping.getCount() > 0;
    }

    private boolean goesOn() {
        return stopping.getCount() > 0;
    }

    private void run() {
        var topics =
                new RelayTopics(kafka, Math.toIntExact(Publisher.TRANSACTION_TIMEOUT.toMillis()));
        try (var leadership = new Leadership(kafka, RelayTopics.PLACE, settings.sessionTimeout())) {
            var retry = FIRST_RETRY;
            while (goesOn()) {
                long began = state.position();
                try {
                    attempt(topics, leadership);
                    state.unblocked();
                    retry = FIRST_RETRY;
                } catch (InterruptedException | InterruptException e) {
                    break;
                } catch (Exception e) {
                    if (state.position() > began) {
                        retry = FIRST_RETRY;
                    }
                    failed(e, leadership);
                    if (!pause(retry, leadership)) {
                        break;
                    }
                    retry = min(retry.multipliedBy(2), settings.retryAtMost());
                }
            }
        } catch (RuntimeException e) {
            log.error("the relay's thread ends", e);
            state.blocked(
                    new Obstacle(
                            Obstacle.Kind.READER_STOPPED,
                            "The relay's thread has ended; restart the relay: " + e,
                            e));
        } finally {
            letPublisherGo();
        }
    }

    /// Waits for the lead, then leads until it is lost or something fails.
    private void attempt(RelayTopics topics, Leadership leadership)
            throws SQLException, InterruptedException {
        topics.prepare();
        if (!leadership.await(Duration.ofMillis(200))) {
            letPublisherGo();
            state.waiting();
            state.unblocked();
            long lookedAt = System.nanoTime();
            while (goesOn() && !leadership.await(Duration.ofMillis(500))) {
                if (System.nanoTime() - lookedAt > LOOK_AT_KAFKA_EVERY.toNanos()) {
                    // a relay that waits is ready only as long as it could take over
                    topics.prepare();
                    lookedAt = System.nanoTime();
                }
            }
        }
        if (goesOn() && leadership.holds()) {
            state.leading();
            log.info("leading");
            new Lead(
                            settings,
                            server,
                            kafka,
                            topics,
                            publisher(topics),
                            leadership,
                            state,
                            metrics,
                            stopping)
                    .run();
            log.info(goesOn() ? "the lead is lost" : "stopping");
            letPublisherGo();
        }
    }

    /// That of the attempt before, if what has failed was the log's server alone: one more takes
    /// seconds where there are many topics.
    private Publisher publisher(RelayTopics topics) {
        var usable = publisher;
        if (usable == null || !usable.isSound()) {
            letPublisherGo();
            usable = new Publisher(kafka, topics, settings.slot());
            publisher = usable;
        }
        return usable;
    }

    private void letPublisherGo() {
        var old = publisher;
        publisher = null;
        if (old != null) {
            old.close();
        }
    }

    private void failed(Exception failure, Leadership leadership) {
        if (failure instanceof Lead.Lost) {
            letPublisherGo();
            return;
        }
        if (isFencing(failure)) {
            state.fencings.increment();
            log.warn("a newer relay has taken over; this one steps back");
            leadership.resign();
            state.waiting();
            return;
        }
        var obstacle = Obstacle.of(failure);
        var before = state.obstacle();
        state.blocked(obstacle);
        if (before == null || before.kind() != obstacle.kind()) {
            log.atWarn()
                    .addKeyValue("kind", obstacle.kind())
                    .setCause(isOfOurs(failure) ? failure : null)
                    .log(obstacle.getMessage());
        }
    }

    /// A lost connection is told in a line; a fault in here needs its stack.
    private static boolean isOfOurs(Exception failure) {
        return Obstacle.of(failure).kind() == Obstacle.Kind.READER_STOPPED
                && !(failure instanceof ConnectException);
    }

    private static boolean isFencing(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException
                    || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    /// Waits, keeping the place in the group.
    ///
    /// @return whether to go on
    private boolean pause(Duration duration, Leadership leadership) {
        long until = System.nanoTime() + duration.toNanos();
        try {
            while (goesOn() && System.nanoTime() < until) {
                if (stopping.await(Math.min(250, duration.toMillis()), TimeUnit.MILLISECONDS)) {
                    return false;
                }
                keepMembership(leadership);
            }
            return goesOn();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void keepMembership(Leadership leadership) {
        try {
            var _ = leadership.holds();
        } catch (KafkaException e) {
            log.debug("Kafka does not answer", e);
            leadership.resign();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
