package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImportEventTest {
    private static final ImportState STATE =
            new ImportState(
                    new ImportId(UUID.fromString("0198c0de-0000-7000-8000-000000000001")),
                    new ModelName("airport"),
                    Map.of("id", "icao"),
                    "ab".repeat(32),
                    1_234,
                    Instant.parse("2026-01-31T10:00:00.123456Z"),
                    12,
                    5,
                    1,
                    2,
                    3);

    @Test
    void eachEventComesBackFromItsJsonAsItWas() {
        var row =
                new RejectedRow(
                        7,
                        "a,\"b\u0000\"",
                        false,
                        List.of(new Fault("/iata", "unique", "Taken already")));
        var events =
                List.of(
                        new ImportEvent.ImportStarted(STATE),
                        new ImportEvent.ImportAdvanced(STATE, List.of(row)),
                        new ImportEvent.ImportEnded(STATE, ImportEvent.Outcome.DONE, ""));
        for (LogEvent event : events) {
            assertThat(EventJson.read(EventType.of(event), EventJson.write(event)))
                    .isEqualTo(event);
        }
    }

    @Test
    void theStateTellsHowManyRowsWereTakenIn() {
        assertThat(STATE.accepted()).isEqualTo(8);
        assertThat(STATE.rows()).isEqualTo(11);
    }

    @Test
    void aRejectedRowIsCutWithoutHalvingACharacter() {
        var fault = new Fault("", "type", "x".repeat(5_000));
        var row =
                new RejectedRow(
                        1, "a" + "😀".repeat(60_000), false, Collections.nCopies(50, fault));
        assertThat(row.cut()).isTrue();
        assertThat(row.raw()).hasSize(RejectedRow.LONGEST_RAW - 1).endsWith("😀");
        assertThat(row.faults()).hasSize(RejectedRow.MOST_FAULTS);
        assertThat(row.faults().getFirst().detail()).hasSize(1_000);
    }

    @Test
    void aPayloadThatLacksAMemberIsRefusedByItsName() {
        assertThatThrownBy(() -> EventJson.read(EventType.IMPORT_STARTED, "{\"import\":\"x\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"import\" is no UUID");
    }
}
