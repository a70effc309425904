package io.headwater.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class EventJsonTest {
    private static final RecordRef RECORD =
            new RecordRef(new ModelName("customer"), new RecordId("a~1"));

    static Stream<LogEvent> events() {
        var fields = (ObjectNode) Json.mapper().readTree("{\"n\": \"12.50\", \"j\": [1.00, null]}");
        var definition =
                Objects.requireNonNull(
                        ModelDefinition.read(
                                Json.mapper()
                                        .readTree("{\"fields\": {\"n\": {\"type\": \"text\"}}}"),
                                new Faults()));
        return Stream.of(
                new ModelEvent.ModelDefined(RECORD.model(), 3, definition),
                new ModelEvent.ModelRetired(RECORD.model(), 4),
                new RecordEvent.RecordCreated(RECORD, 3, 1, fields),
                new RecordEvent.RecordChanged(RECORD, 3, 1L << 40, fields, Set.of("n", "j")),
                new RecordEvent.RecordDeleted(RECORD, 3, 2),
                new CommandAnswered(
                        "ab12", 204, fields.objectNode().put("ETag", "\"1\""), fields.nullNode()));
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventComesBackAsItWent(LogEvent event) {
        String json = EventJson.write(event);
        String type = EventType.of(event);
        assertThat(EventJson.write(EventJson.read(type, json))).isEqualTo(json);
        assertThat(EventJson.read(type, json).getClass()).isEqualTo(event.getClass());
        assertThat(EventJson.write(EventJson.read(type, json.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(json);
    }

    @Test
    void changedNamesAreInOrderSoThatTheSameEventIsTheSameText() {
        var event =
                new RecordEvent.RecordChanged(
                        RECORD, 1, 2, Json.mapper().createObjectNode(), Set.of("c", "a", "b"));
        assertThat(EventJson.write(event))
                .isEqualTo(
                        "{\"model\":\"customer\",\"modelVersion\":1,\"id\":\"a~1\",\"revision\":2,"
                                + "\"fields\":{},\"changed\":[\"a\",\"b\",\"c\"]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "headwater.Unknown | {} | No event has the type",
                "headwater.RecordDeleted | {} | has no \"model\"",
                "headwater.RecordDeleted | {\"model\": 5} | \"model\" is no text",
                "headwater.RecordDeleted | {\"model\": \"A\"} | A model's name",
                "headwater.RecordDeleted | {\"model\": \"a\", \"id\": \"/\"} | A record's id",
                "headwater.RecordDeleted | {\"model\": \"a\", \"id\": \"b\", \"modelVersion\": 1, \"revision\": 1.5} | \"revision\"",
                "headwater.RecordCreated | {\"model\": \"a\", \"id\": \"b\", \"modelVersion\": 1, \"revision\": 1, \"fields\": 5} | \"fields\" is no object",
                "headwater.ModelDefined | {\"model\": \"a\", \"version\": 1, \"definition\": {}} | definition is not valid",
                "headwater.ModelDefined | { | no JSON"
            })
    void whatIsNoEventIsRefusedInWords(String type, String payload, String words) {
        assertThatThrownBy(() -> EventJson.read(type, payload))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7f3a91c2.0", "7f3a91c2.1042", "00000000.999999999999999999"})
    void aTokenComesBackAsItWent(String token) {
        assertThat(ConsistencyToken.parse(token).orElseThrow()).hasToString(token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7f3a91c2",
                "7f3a91c2.",
                ".5",
                "7F3A91C2.5",
                "7f3a91c.5",
                "7f3a91c2.05",
                "7f3a91c2.-5",
                "7f3a91c2.5 ",
                "7f3a91c2.9999999999999999999"
            })
    void whatIsNoTokenIsNone(String token) {
        assertThat(ConsistencyToken.parse(token)).isEmpty();
    }
}
