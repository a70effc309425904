package io.headwater.query.projection;

import io.headwater.query.run.ProjectionStatus;
import io.headwater.query.run.ProjectionStatus.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Whether the read model moves. DOWN at an alarm, when PostgreSQL or Kafka is away for long, and
/// when events lie there and nothing moves, whatever the reason. It does not make the service
/// unready: queries can still be answered.
final class ProjectionHealthIndicator implements HealthIndicator {
    private final ProjectionStatus status;
    private final Duration stalledAfter;
    private final InstantSource clock;

    ProjectionHealthIndicator(ProjectionStatus status, Duration stalledAfter, InstantSource clock) {
        this.status = status;
        this.stalledAfter = stalledAfter;
        this.clock = clock;
    }

    @Override
    public Health health() {
        Instant now = clock.instant();
        Snapshot seen = status.snapshot();
        var health = isWell(seen, now) ? Health.up() : Health.down();
        health.withDetail("state", ProjectionView.word(seen.state()))
                .withDetail("position", seen.position())
                .withDetail("lagMillis", seen.delay(now).toMillis());
        seen.lag().ifPresent(lag -> health.withDetail("lagEvents", lag));
        if (!seen.reason().isEmpty()) {
            health.withDetail("reason", seen.reason());
        }
        return health.build();
    }

    private boolean isWell(Snapshot seen, Instant now) {
        return switch (seen.state()) {
            case STANDING_BY -> true;
            case ALARMED -> false;
            case IDLE, WAITING -> !isLong(seen.since(), now);
            // Also while there is nothing to do the projection looks every few seconds.
            case PROJECTING -> !isLong(seen.movedAt(), now);
        };
    }

    private boolean isLong(Instant since, Instant now) {
        return Duration.between(since, now).compareTo(stalledAfter) > 0;
    }
}
