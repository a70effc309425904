package io.headwater.bench.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ValidTimesTest {
    @Test
    void eachIsLaterThanTheOneBefore() {
        var times = new ValidTimes(null);
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");

        assertThat(times.next(noon)).isEqualTo(noon);
        assertThat(times.next(noon)).isEqualTo(noon.plusNanos(1_000));
        assertThat(times.moved()).isZero();
        assertThat(times.next(noon.minusSeconds(60))).isEqualTo(noon.plusNanos(2_000));
        assertThat(times.moved()).isEqualTo(1);
        assertThat(times.furthest()).isEqualTo(Duration.ofSeconds(60).plusNanos(2_000));
        assertThat(times.next(noon.plusSeconds(1))).isEqualTo(noon.plusSeconds(1));
    }

    @Test
    void theyGoOnWhereTheyEnded() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");

        assertThat(new ValidTimes(noon).next(noon)).isEqualTo(noon.plusNanos(1_000));
    }
}
