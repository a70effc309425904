package io.headwater.command.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class GateTest {
    private final Gate gate =
            new Gate(
                    new HttpLimits(
                            DataSize.ofKilobytes(1),
                            DataSize.ofKilobytes(4),
                            10,
                            2,
                            DataSize.ofKilobytes(8),
                            Duration.ZERO));

    @Test
    void asManyCommandsAsThereIsRoomFor() {
        var first = gate.turn();
        var second = gate.turn();
        assertThatThrownBy(gate::turn)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        full -> {
                            assertThat(full.problem().status()).isEqualTo(503);
                            assertThat(full.problem().headers()).containsEntry("Retry-After", "1");
                        });
        first.close();
        gate.turn().close();
        second.close();
    }

    @Test
    void asManyBytesAsThereIsRoomFor() {
        try (var large = gate.body(7 * 1024)) {
            gate.body(1).close();
            assertThatThrownBy(() -> gate.body(1025)).isInstanceOf(ProblemException.class);
        }
        gate.body(8 * 1024).close();
    }
}
