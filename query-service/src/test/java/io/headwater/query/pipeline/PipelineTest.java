package io.headwater.query.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.query.api.Platform;
import io.headwater.query.api.Platform.Answer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PipelineTest {
    private static final Platform platform = Platform.get();

    @Test
    void everyStageTellsWhereItIsOrWhyItCannotBeReached() throws Exception {
        platform.superuser(
                "INSERT INTO log.event SELECT n, gen_random_uuid(), 'headwater.RecordCreated', '1', n * 1000000, '{}', '{}', '{}'"
                        + " FROM generate_series(1, 10) n ON CONFLICT DO NOTHING");
        long head = number("SELECT max(position) FROM log.event");
        long micros = number("SELECT at_micros FROM log.event ORDER BY position DESC LIMIT 1");
        platform.tables().checkpoint(Platform.EPOCH, head - 6);
        platform.replicate();
        Answer answer = platform.get("/pipeline");
        assertThat(answer.status()).isEqualTo(200);
        JsonNode stages = answer.json().get("stages");
        assertThat(stages.valueStream().map(stage -> stage.get("stage").stringValue()))
                .containsExactly("log", "relay", "kafka", "projection", "standby");
        assertThat(stages.at("/0/position").longValue()).isEqualTo(head);
        assertThat(Instant.parse(stages.at("/0/time").stringValue()))
                .isEqualTo(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
        assertThat(stages.at("/0/epoch").stringValue()).isEqualTo(Platform.EPOCH);
        assertThat(stages.at("/1/unreachable").stringValue()).isNotBlank();
        assertThat(stages.at("/2/unreachable").stringValue()).isNotBlank();
        assertThat(stages.at("/3/server").stringValue()).isEqualTo("primary");
        assertThat(stages.at("/3/eventsBehind").longValue()).isEqualTo(6);
        assertThat(stages.at("/4/server").stringValue()).isEqualTo("standby");
        assertThat(stages.at("/4/position").longValue()).isEqualTo(head - 6);
        assertThat(stages.at("/4/bytesToReplay").longValue()).isNotNegative();
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    private static long number(String query) throws Exception {
        try (var connection = platform.cluster().superuser();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
