package io.headwater.query.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What one projection of this instance does, for health and metrics. Safe for concurrent use.
public final class ProjectionStatus {

    /// What it does.
    public enum State {
        /// Nothing yet, or there is nothing to do.
        IDLE,
        /// Another instance projects; this one is ready to take over.
        STANDING_BY,
        PROJECTING,
        /// Stands still until a person has looked.
        ALARMED,
        /// PostgreSQL or Kafka cannot be reached; it goes on by itself.
        WAITING
    }

    /// @param reason why it does not project; empty if it does
    /// @param since when the state began
    /// @param position of the last event applied here
    /// @param eventAt its time; null before the first
    /// @param lag Kafka records not yet looked at; empty if not known
    /// @param movedAt when events were last applied, or it was last seen that there are none
    public record Snapshot(
            State state,
            String reason,
            Instant since,
            long position,
            @Nullable Instant eventAt,
            OptionalLong lag,
            Instant movedAt) {

        /// How old the newest event in the tables is, if later ones lie there.
        public Duration delay(Instant now) {
            return lag.orElse(0) == 0 || eventAt == null
                    ? Duration.ZERO
                    : Duration.between(eventAt, now);
        }
    }

    private final InstantSource clock;
    private final Counter events;
    private final Counter alarms;
    private final DistributionSummary batches;
    private final Timer commits;
    private Snapshot now;

    /// @param projection value of the meters' tag `projection`
    public ProjectionStatus(MeterRegistry meters, String projection, InstantSource clock) {
        this.clock = clock;
        Instant start = clock.instant();
        this.now = new Snapshot(State.IDLE, "", start, 0, null, OptionalLong.empty(), start);
        String tag = "projection";
        events = meters.counter("headwater.projection.events", tag, projection);
        alarms = meters.counter("headwater.projection.alarms", tag, projection);
        batches = meters.summary("headwater.projection.batch.events", tag, projection);
        commits = meters.timer("headwater.projection.batch", tag, projection);
        Gauge.builder("headwater.projection.position", this, s -> s.snapshot().position())
                .tag(tag, projection)
                .register(meters);
        Gauge.builder("headwater.projection.lag.events", this, s -> s.snapshot().lag().orElse(0))
                .tag(tag, projection)
                .register(meters);
        Gauge.builder(
                        "headwater.projection.lag.seconds",
                        this,
                        s -> s.snapshot().delay(clock.instant()).toMillis() / 1000.0)
                .tag(tag, projection)
                .register(meters);
        Gauge.builder(
                        "headwater.projection.alarmed",
                        this,
                        s -> s.snapshot().state() == State.ALARMED ? 1 : 0)
                .tag(tag, projection)
                .register(meters);
    }

    public synchronized Snapshot snapshot() {
        return now;
    }

    public void idle() {
        become(State.IDLE, "");
    }

    public void standingBy() {
        become(State.STANDING_BY, "Another instance projects");
    }

    public void waiting(String reason) {
        become(State.WAITING, reason);
    }

    public void alarmed(String reason) {
        alarms.increment();
        become(State.ALARMED, reason);
    }

    public synchronized void projecting(Checkpoint from, long lag) {
        become(State.PROJECTING, "");
        now = at(from, OptionalLong.of(lag), clock.instant());
    }

    /// A transaction was committed.
    public synchronized void committed(Checkpoint reached, int size, long nanos) {
        events.increment(size);
        batches.record(size);
        commits.record(Duration.ofNanos(nanos));
        now = at(reached, now.lag(), clock.instant());
    }

    /// How many records lie there.
    public synchronized void lag(OptionalLong lag) {
        Instant moved = lag.orElse(0) == 0 ? clock.instant() : now.movedAt();
        now =
                new Snapshot(
                        now.state(),
                        now.reason(),
                        now.since(),
                        now.position(),
                        now.eventAt(),
                        lag,
                        moved);
    }

    private synchronized void become(State state, String reason) {
        Instant since = state == now.state() ? now.since() : clock.instant();
        now =
                new Snapshot(
                        state,
                        reason,
                        since,
                        now.position(),
                        now.eventAt(),
                        now.lag(),
                        now.movedAt());
    }

    private Snapshot at(Checkpoint reached, OptionalLong lag, Instant moved) {
        String time = reached.eventAt();
        return new Snapshot(
                now.state(),
                now.reason(),
                now.since(),
                reached.position(),
                time == null ? null : java.time.OffsetDateTime.parse(time).toInstant(),
                lag,
                moved);
    }
}
