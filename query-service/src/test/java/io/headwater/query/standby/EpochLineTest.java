package io.headwater.query.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Lines;
import io.headwater.contract.Lines.Line;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Line a forked into b after 100, and b into c after 80: so c has the first 80 positions of a and
/// b.
class EpochLineTest {
    private static final EpochLine LINE =
            new EpochLine(
                    new Lines(
                            List.of(
                                    new Line("aaaaaaaa", 0),
                                    new Line("bbbbbbbb", 100),
                                    new Line("cccccccc", 80))));

    @ParameterizedTest
    @CsvSource({
        "cccccccc, 90, cccccccc, 90, REACHED",
        "cccccccc, 91, cccccccc, 90, BEHIND",
        "bbbbbbbb, 80, cccccccc, 80, REACHED",
        "bbbbbbbb, 81, cccccccc, 500, LOST",
        "aaaaaaaa, 80, cccccccc, 500, REACHED",
        "aaaaaaaa, 81, cccccccc, 500, LOST",
        "aaaaaaaa, 80, cccccccc, 79, BEHIND",
        // the read model has not heard of the newest line yet
        "bbbbbbbb, 90, bbbbbbbb, 95, REACHED",
        "bbbbbbbb, 96, bbbbbbbb, 95, LOST",
        "bbbbbbbb, 80, bbbbbbbb, 79, BEHIND",
        "cccccccc, 80, bbbbbbbb, 80, REACHED",
        "cccccccc, 80, bbbbbbbb, 81, BEHIND",
        "cccccccc, 70, aaaaaaaa, 75, REACHED",
        "cccccccc, 81, bbbbbbbb, 80, BEHIND",
        "cccccccc, 5, '', 0, BEHIND",
        "dddddddd, 0, cccccccc, 500, UNKNOWN",
    })
    void aTokenIsJudgedByTheLinesOfLife(
            String epoch, long position, String at, long reached, String verdict) {
        assertThat(LINE.judge(new ConsistencyToken(epoch, position), new Checkpoint(at, reached)))
                .isEqualTo(EpochLine.Verdict.valueOf(verdict));
    }
}
