package io.headwater.command.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.Client;
import io.headwater.command.RunningService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Since when a change is so in the world stands in its event.
class ValidTimeTest {
    private static final RunningService SERVICE = RunningService.shared();
    private static final Client CLIENT = SERVICE.client();

    @BeforeAll
    static void model() {
        CLIENT.put(
                "/models/dated",
                "{\"fields\": {\"n\": {\"type\": \"integer\"}, \"code\": {\"type\": \"text\", \"unique\": true}}}");
    }

    @Test
    void everyCommandMaySaySinceWhenItIsSo() {
        assertThat(
                        CLIENT.put(
                                        "/records/dated/a",
                                        "{\"n\": 1}",
                                        "Valid-From",
                                        "2020-01-31T10:00:00+02:00")
                                .status())
                .isEqualTo(201);
        assertThat(validFrom("a")).isEqualTo("2020-01-31T08:00:00.000000Z");
        CLIENT.patch("/records/dated/a", "{\"n\": 2}", "Valid-From", "2021-03-04");
        assertThat(validFrom("a")).isEqualTo("2021-03-04T00:00:00.000000Z");
        CLIENT.patch("/records/dated/a", "{\"n\": 3}");
        assertThat(validFrom("a")).isEqualTo("null");
        CLIENT.delete("/records/dated/a", "Valid-From", "2022-01-01");
        assertThat(validFrom("a")).isEqualTo("2022-01-01T00:00:00.000000Z");
        assertThat(CLIENT.put("/records/dated/b", "{}", "Valid-From", "31.1.2020").problem())
                .isEqualTo("invalid-header");
    }

    @Test
    void toSayAnotherTimeIsAChangeAndToSayTheSameIsNone() {
        CLIENT.put("/records/dated/same", "{\"n\": 1}", "Valid-From", "2020-01-01");
        assertThat(
                        CLIENT.put("/records/dated/same", "{\"n\": 1}", "Valid-From", "2020-01-01")
                                .text("/revision"))
                .isEqualTo("1");
        assertThat(CLIENT.put("/records/dated/same", "{\"n\": 1}").text("/revision"))
                .isEqualTo("1");
        assertThat(
                        CLIENT.put("/records/dated/same", "{\"n\": 1}", "Valid-From", "2019-01-01")
                                .text("/revision"))
                .isEqualTo("2");
    }

    @Test
    void anOperationOfABatchSaysItForItself() {
        var answer =
                CLIENT.post(
                        "/commands",
                        """
                        {"operations": [
                            {"op": "create", "model": "dated", "id": "c1", "fields": {}, "validFrom": "2001-01-01"},
                            {"op": "create", "model": "dated", "id": "c2", "fields": {}}]}
                        """,
                        "Valid-From",
                        "2002-02-02");
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(validFrom("c1")).isEqualTo("2001-01-01T00:00:00.000000Z");
        assertThat(validFrom("c2")).isEqualTo("2002-02-02T00:00:00.000000Z");
        var wrong =
                CLIENT.post(
                        "/commands",
                        "{\"operations\": [{\"op\": \"create\", \"model\": \"dated\", \"fields\": {}, \"validFrom\": \"soon\"}]}");
        assertThat(wrong.text("/errors/0/pointer")).isEqualTo("/operations/0/validFrom");
    }

    @Test
    void aColumnOfAnImportSaysItForEachRow() {
        var answer =
                CLIENT.send(
                        "POST",
                        "/imports/dated?validFrom=when",
                        "id,n,when\ni1,1,1999-12-31\ni2,2,\ni3,3,soon\n",
                        "Content-Type",
                        "text/csv");
        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        Awaitility.await()
                .until(() ->
                        !CLIENT.send("GET", answer.header("Location"), null)
                                .text("/endedAt")
                                .isEmpty());
        assertThat(validFrom("i1")).isEqualTo("1999-12-31T00:00:00.000000Z");
        assertThat(validFrom("i2")).isEqualTo("null");
        assertThat(
                        SERVICE.count(
                                "SELECT count(*) FROM log.event_tag WHERE tag = 'record=dated/i3'"))
                .isZero();
    }

    @Test
    void aFormerRevisionComesBackAsANewOne() {
        CLIENT.put("/records/dated/r", "{\"n\": 1, \"code\": \"one\"}");
        CLIENT.put("/records/dated/r", "{\"n\": 2}");
        assertThat(restore("{\"revision\": 1}", "If-Match", "\"1\"").problem())
                .isEqualTo("stale-revision");
        var back = restore("{\"revision\": 1}", "If-Match", "\"2\"", "Idempotency-Key", "r1");
        assertThat(back.status()).as("%s", back).isEqualTo(200);
        assertThat(back.text("/revision")).isEqualTo("3");
        assertThat(
                        restore("{\"revision\": 1}", "If-Match", "\"2\"", "Idempotency-Key", "r1")
                                .header("Idempotency-Replayed"))
                .isEqualTo("true");
        assertThat(payload("r", "payload::json #>> '{fields,code}'")).isEqualTo("one");

        CLIENT.delete("/records/dated/r");
        CLIENT.put("/records/dated/rival", "{\"code\": \"one\"}");
        assertThat(restore("{\"revision\": 1}").problem()).isEqualTo("not-unique");
        CLIENT.delete("/records/dated/rival");
        assertThat(restore("{\"revision\": 1}").status()).isEqualTo(201);
        assertThat(restore("{\"revision\": 4}").problem()).isEqualTo("deleted-revision");
        assertThat(restore("{\"revision\": 99}").problem()).isEqualTo("unknown-revision");
        assertThat(restore("{\"revision\": \"1\"}").problem()).isEqualTo("invalid-restore");
    }

    private static Client.Answer restore(String body, String... headers) {
        return CLIENT.post("/records/dated/r/restore", body, headers);
    }

    private static String validFrom(String id) {
        return payload(id, "payload::json ->> 'validFrom'");
    }

    private static String payload(String id, String what) {
        return SERVICE.text(
                "SELECT coalesce(%s, 'null') FROM log.event WHERE 'record=dated/%s' = ANY (tags) ORDER BY position DESC LIMIT 1"
                        .formatted(what, id));
    }
}
