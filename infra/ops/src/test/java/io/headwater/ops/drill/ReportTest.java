package io.headwater.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.ops.drill.Load.Sample;
import io.headwater.ops.drill.Outages.Mark;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Drill DRILL =
            new Drill(
                    "kill-primary",
                    "SIGKILL",
                    1,
                    false,
                    scene -> {},
                    (scene, outages) -> List.of());

    private static Report report(int lost, double outage) {
        var outages =
                new Outages(
                        List.of(
                                new Sample(true, 1, 5, true),
                                new Sample(true, 1 + outage, 5, true)),
                        List.of(new Mark(1.2, "kill pg1", Mark.Kind.FAULT)));
        return new Report(
                DRILL,
                Instant.EPOCH,
                List.of(Bar.none("lost", lost), Bar.atMost("write outage, worst", 10, outage, "s")),
                new Audit.Finding(100, lost, 0, 0, 0, 0, 0, List.of()),
                outages,
                List.of());
    }

    @Test
    void aTimeThatIsTooLongBreaksNoLaw() {
        assertThat(report(0, 12).met()).isFalse();
        assertThat(report(0, 12).lawful()).isTrue();
        assertThat(report(1, 3).lawful()).isFalse();
    }

    @Test
    void theTableTellsWhatBecameOfEachDrill() {
        assertThat(Report.table(List.of(report(0, 3), report(1, 12))).lines())
                .hasSize(4)
                .satisfies(lines -> {
                    assertThat(lines.get(1)).contains("kill-primary", "100", "3.0, 3.0 s");
                    assertThat(lines.get(2))
                            .contains("12.0, 12.0 s", "LAW lost: 1", "worst: 12.0 s");
                });
    }
}
