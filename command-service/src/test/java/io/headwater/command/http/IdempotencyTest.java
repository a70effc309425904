package io.headwater.command.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.Client;
import io.headwater.command.RunningService;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private static final RunningService SERVICE = RunningService.shared();
    private static final Client CLIENT = SERVICE.client();

    @BeforeAll
    static void model() {
        CLIENT.put("/models/idem", "{\"fields\": {\"n\": {\"type\": \"integer\"}}}");
    }

    @Test
    void theSameAnswerComesAgain() {
        var first = CLIENT.post("/records/idem", "{\"n\": 1}", "Idempotency-Key", "i1");
        var again = CLIENT.post("/records/idem", "{\"n\": 1}", "Idempotency-Key", "i1");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Consistency-Token")).isNotEmpty();
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        CLIENT.post("/records/idem", "{\"n\": 1}", "Idempotency-Key", "i2");
        var other = CLIENT.post("/records/idem", "{\"n\": 2}", "Idempotency-Key", "i2");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        var path = CLIENT.put("/records/idem/x", "{\"n\": 1}", "Idempotency-Key", "i2");
        assertThat(path.problem()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void aKeyBelongsToItsOwner() {
        assertThat(CLIENT.put("/records/idem/o", "{}", "Idempotency-Key", "i3").status())
                .isEqualTo(201);
        var other = new OtherClient("somebody");
        assertThat(other.patch("/records/idem/o", "{\"n\": 9}", "i3").status()).isEqualTo(200);
    }

    @Test
    void aDeletionAndAChangeOfNothingAreRememberedToo() {
        CLIENT.put("/records/idem/d", "{\"n\": 1}");
        assertThat(CLIENT.put("/records/idem/d", "{\"n\": 1}", "Idempotency-Key", "i4").status())
                .isEqualTo(200);
        assertThat(CLIENT.put("/records/idem/d", "{\"n\": 2}").status()).isEqualTo(200);
        var again = CLIENT.put("/records/idem/d", "{\"n\": 1}", "Idempotency-Key", "i4");
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.header("ETag")).isEqualTo("\"1\"");
        assertThat(CLIENT.delete("/records/idem/d", "Idempotency-Key", "i5").status())
                .isEqualTo(204);
        assertThat(CLIENT.delete("/records/idem/d", "Idempotency-Key", "i5").status())
                .isEqualTo(204);
        assertThat(CLIENT.delete("/records/idem/d").status()).isEqualTo(404);
    }

    @Test
    void aRefusedCommandIsDecidedAnew() {
        assertThat(CLIENT.patch("/records/idem/r", "{\"n\": 1}", "Idempotency-Key", "i6").status())
                .isEqualTo(404);
        CLIENT.put("/records/idem/r", "{}");
        assertThat(CLIENT.patch("/records/idem/r", "{\"n\": 1}", "Idempotency-Key", "i6").status())
                .isEqualTo(200);
    }

    @Test
    void modelsHaveKeysToo() {
        String fields = "{\"fields\": {\"n\": {\"type\": \"integer\"}}}";
        assertThat(CLIENT.put("/models/idem_model", fields, "Idempotency-Key", "i7").status())
                .isEqualTo(201);
        var again = CLIENT.put("/models/idem_model", fields, "Idempotency-Key", "i7");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("/change")).isEqualTo("defined");
        assertThat(CLIENT.put("/models/idem_model", fields).text("/change")).isEqualTo("unchanged");
    }

    @Test
    void whoDidItWhyAndInWhichTraceIsWrittenWithEachEvent() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        CLIENT.put("/records/idem/m", "{}", "X-Request-Id", "request-7", "traceparent", trace);
        String metadata =
                "SELECT metadata FROM log.event WHERE tags @> '{record=idem/m}' ORDER BY position DESC LIMIT 1";
        assertThat(SERVICE.text(metadata))
                .contains("\"actor\":\"tester\"")
                .contains("\"cause\":\"request-7\"")
                .contains("\"traceparent\":\"" + trace + "\"");
        CLIENT.put("/records/idem/m", "{\"n\": 1}", "traceparent", "rubbish");
        assertThat(SERVICE.text(metadata))
                .containsPattern("\"cause\":\"[0-9a-f-]{36}\"")
                .containsPattern("\"traceparent\":\"00-[0-9a-f]{32}-[0-9a-f]{16}-00\"");
    }

    /// Another subject on the same service.
    private record OtherClient(String subject) {
        Client.Answer patch(String path, String body, String key) {
            return Client.send(
                    java.net.http.HttpRequest.newBuilder(
                                    java.net.URI.create(
                                            "http://127.0.0.1:" + SERVICE.port() + path))
                            .header(
                                    "Authorization",
                                    "Bearer " + RunningService.token(subject, "write"))
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", key)
                            .method(
                                    "PATCH",
                                    java.net.http.HttpRequest.BodyPublishers.ofString(body))
                            .build());
        }
    }
}
