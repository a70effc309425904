package io.headwater.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.query.run.Checkpoint;
import io.headwater.query.run.ProjectionStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

/// Health is DOWN whenever events lie there and nothing moves, and only then.
class ProjectionHealthIndicatorTest {
    private static final Checkpoint FIRST =
            new Checkpoint("7f3a91c2", 1, 1, "2026-01-31T10:00:00.000000Z");

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-31T10:00:00Z"));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ProjectionStatus status = new ProjectionStatus(meters, "records", now::get);
    private final ProjectionHealthIndicator health =
            new ProjectionHealthIndicator(status, Duration.ofSeconds(15), now::get);

    @Test
    void whatHasNothingToDoIsWellAsLongAsItLooks() {
        status.projecting(FIRST, 0);
        pass(Duration.ofDays(1));
        status.lag(OptionalLong.of(0));
        pass(Duration.ofSeconds(15));
        assertThat(isUp()).isTrue();
        assertThat(meters.get("headwater.projection.lag.seconds").gauge().value()).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(isUp()).isFalse();
    }

    @Test
    void eventsThatLieThereWithoutAMoveAreAnIllness() {
        status.projecting(FIRST, 0);
        status.lag(OptionalLong.of(3));
        pass(Duration.ofSeconds(15));
        assertThat(isUp()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(isUp()).isFalse();
        assertThat(meters.get("headwater.projection.lag.events").gauge().value()).isEqualTo(3);
        assertThat(meters.get("headwater.projection.lag.seconds").gauge().value()).isEqualTo(16);

        status.committed(FIRST, 1, 1_000);
        assertThat(isUp()).isTrue();
    }

    @Test
    void waitingForPostgresqlOrKafkaIsAnIllnessOnceItLasts() {
        status.waiting("Kafka does not answer");
        pass(Duration.ofSeconds(10));
        status.waiting("Kafka still does not answer");
        assertThat(isUp()).isTrue();
        pass(Duration.ofSeconds(6));
        assertThat(isUp()).isFalse();
        assertThat(health.health().getDetails())
                .containsEntry("state", "waiting")
                .containsEntry("reason", "Kafka still does not answer");
    }

    @Test
    void anAlarmIsAnIllnessAtOnce() {
        status.alarmed("Event 4 cannot be applied");
        assertThat(isUp()).isFalse();
        assertThat(meters.get("headwater.projection.alarmed").gauge().value()).isEqualTo(1);
        status.projecting(FIRST, 0);
        assertThat(isUp()).isTrue();
        assertThat(meters.get("headwater.projection.alarmed").gauge().value()).isZero();
    }

    @Test
    void standingByIsNone() {
        status.standingBy();
        pass(Duration.ofDays(1));
        assertThat(isUp()).isTrue();
        assertThat(health.health().getDetails()).containsEntry("state", "standing-by");
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private boolean isUp() {
        return health.health().getStatus().equals(Status.UP);
    }
}
