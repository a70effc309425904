package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Lines.Line;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Line a forked into b after 100, b into c after 80, and c into d after 120.
class LinesTest {
    private static final Lines LINES =
            new Lines(
                    List.of(
                            new Line("aaaaaaaa", 0),
                            new Line("bbbbbbbb", 100),
                            new Line("cccccccc", 80),
                            new Line("dddddddd", 120)));

    @ParameterizedTest
    @CsvSource({
        "aaaaaaaa, bbbbbbbb, 100",
        "aaaaaaaa, cccccccc, 80",
        "aaaaaaaa, dddddddd, 80",
        "bbbbbbbb, cccccccc, 80",
        "cccccccc, dddddddd, 120",
        "cccccccc, cccccccc, 9223372036854775807",
        "bbbbbbbb, aaaaaaaa,",
        "eeeeeeee, dddddddd,",
        "aaaaaaaa, eeeeeeee,",
    })
    void aLineHasTheOneBeforeUpToWhereItForkedOff(String earlier, String later, Long common) {
        assertThat(LINES.common(earlier, later)).isEqualTo(optional(common));
    }

    @ParameterizedTest
    @CsvSource({
        "aaaaaaaa, 80",
        "bbbbbbbb, 80",
        "cccccccc, 120",
        "dddddddd, 9223372036854775807",
        "eeeeeeee,",
    })
    void theNewestLineIsTheCurrent(String epoch, Long common) {
        assertThat(LINES.current()).isEqualTo("dddddddd");
        assertThat(LINES.commonWith(epoch)).isEqualTo(optional(common));
    }

    @Test
    void withoutLinesNothingIsKnown() {
        assertThat(new Lines(List.of()).commonWith("aaaaaaaa")).isEmpty();
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
