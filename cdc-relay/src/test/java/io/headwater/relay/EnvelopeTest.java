package io.headwater.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    @Test
    void timesHaveSixDigitsOfASecondAndSortAsText() {
        assertThat(Envelope.time(0)).isEqualTo("1970-01-01T00:00:00.000000Z");
        assertThat(Envelope.time(1_769_853_600_123_456L)).isEqualTo("2026-01-31T10:00:00.123456Z");
        assertThat(Envelope.time(1_769_853_600_000_001L)).isEqualTo("2026-01-31T10:00:00.000001Z");
        assertThat(Envelope.time(-1)).isEqualTo("1969-12-31T23:59:59.999999Z");
        assertThat(LongStream.of(0, 5, 999_999, 1_000_000, 60_000_000).mapToObj(Envelope::time))
                .isSorted();
    }

    @Test
    void whomAnEventIsAboutIsReadInAnyOrderOfMembers() {
        var envelope =
                Envelope.of(
                        event(
                                "{\"fields\":{\"id\":\"not this\",\"model\":[{}]},\"id\":\"a~b\",\"revision\":1,\"modelVersion\":12,\"model\":\"m\"}"),
                        new Envelope.Origin("7f3a91c2"));

        assertThat(envelope.records())
                .extracting(record -> record.topic() + " " + TestLog.utf8(record.key()))
                .containsExactly(
                        "headwater.log m/a~b", "headwater.records.m a~b", "headwater.state.m a~b");
        assertThat(envelope.headers().lastHeader("ce_dataschema").value())
                .asString()
                .isEqualTo("/models/m/schema?version=12");
    }

    @Test
    void aPayloadThatTellsNotWhomItIsAboutIsRefusedByItsPosition() {
        for (var payload :
                new String[] {"{}", "[]", "", "{\"model\":\"m\",\"id\":\"i\"}", "{\"mod"}) {
            assertThatThrownBy(() -> Envelope.of(event(payload), new Envelope.Origin("7f3a91c2")))
                    .isInstanceOf(Obstacle.class)
                    .hasMessageContaining("position 9 ");
        }
    }

    private static StoredEvent event(String payload) {
        return new StoredEvent(
                9,
                "0193e9d4-0000-7000-8000-000000000009",
                "headwater.RecordCreated",
                0,
                payload,
                "{}");
    }
}
