package io.headwater.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.ops.drill.Load.Sample;
import io.headwater.ops.drill.Outages.Mark;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class OutagesTest {
    private static final List<Sample> SAMPLES =
            List.of(
                    well(true, 1),
                    well(true, 2),
                    new Sample(true, 4, 10, false),
                    well(true, 7),
                    well(true, 8),
                    well(true, 11),
                    well(false, 1),
                    well(false, 9));
    private static final List<Mark> MARKS =
            List.of(
                    new Mark(2.2, "kill pg1", Mark.Kind.FAULT),
                    new Mark(6, "pg1 is started again", Mark.Kind.EVENT),
                    new Mark(8.1, "kill <pg2> & pg3", Mark.Kind.FAULT));

    private static Sample well(boolean write, double at) {
        return new Sample(write, at, 5, true);
    }

    @Test
    void anOutageLastsFromOneGoodAnswerToTheNext() {
        var outages = new Outages(SAMPLES, MARKS);
        assertThat(outages.longest(true)).isEqualTo(5);
        assertThat(outages.longest(false)).isEqualTo(8);
        assertThat(outages.afterFaults(true)).containsExactly(5.0, 3.0);
    }

    @Test
    void whatOnlySetsTheStageCountsForNothing() {
        var marks =
                List.of(
                        new Mark(0.5, "kill pg1", Mark.Kind.FAULT),
                        new Mark(2.2, "both standbys are away", Mark.Kind.LAYOUT),
                        new Mark(8.1, "kill pg2", Mark.Kind.FAULT));
        assertThat(new Outages(SAMPLES, marks).afterFaults(true)).containsExactly(1.0, 3.0);
    }

    @Test
    void theMedianOfThreeIsTheOneInTheMiddle() {
        assertThat(Outages.median(List.of(9.0, 1.0, 3.0))).isEqualTo(3);
        assertThat(Outages.worst(List.of(9.0, 1.0, 3.0))).isEqualTo(9);
        assertThat(Outages.median(List.of())).isZero();
    }

    @Test
    void thePlotIsXmlAndNamesWhatWasDone() throws Exception {
        String svg = new Plot(SAMPLES, MARKS).draw("a <drill>");
        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getDocumentElement().getTextContent())
                .contains("kill <pg2> & pg3")
                .contains("a <drill>");
    }
}
