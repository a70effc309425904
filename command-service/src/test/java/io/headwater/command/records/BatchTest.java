package io.headwater.command.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.Client;
import io.headwater.command.RunningService;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `POST /commands` over real HTTP and a real log.
class BatchTest {
    private static final RunningService SERVICE = RunningService.shared();
    private static final Client CLIENT = SERVICE.client();

    @BeforeAll
    static void models() {
        CLIENT.put(
                "/models/batch_country",
                "{\"fields\": {\"name\": {\"type\": \"text\", \"unique\": true}}}");
        var airport =
                CLIENT.put(
                        "/models/batch_airport",
                        """
                        {"fields": {"name": {"type": "text"},
                                    "code": {"type": "text", "unique": true},
                                    "country": {"type": "reference", "to": "batch_country", "onDelete": "cascade"}}}
                        """);
        assertThat(airport.status()).isIn(200, 201);
    }

    @Test
    void operationsOverSeveralModelsReferToOneAnother() {
        var answer =
                CLIENT.post(
                        "/commands",
                        """
                        {"operations": [
                          {"op": "create", "model": "batch_airport", "fields": {"country": {"$local": "home"}}},
                          {"op": "create", "model": "batch_country", "local": "home", "fields": {"name": "Home"}},
                          {"op": "put", "model": "batch_country", "id": "AU", "fields": {"name": "Australia"}},
                          {"op": "patch", "model": "batch_country", "id": "AU", "patch": {"name": "AU"}}]}
                        """);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.text("/results/1/local")).isEqualTo("home");
        assertThat(answer.text("/results/0/change")).isEqualTo("created");
        assertThat(answer.text("/results/3/revision")).isEqualTo("1");
        String id = answer.text("/results/1/id");
        assertThat(
                        SERVICE.text(
                                "SELECT payload::json -> 'fields' ->> 'country' FROM log.event"
                                        + " WHERE tags @> '{record=batch_airport/"
                                        + answer.text("/results/0/id")
                                        + "}'"))
                .isEqualTo(id);
        assertThat(CLIENT.delete("/records/batch_country/" + id).status()).isEqualTo(204);
        assertThat(
                        CLIENT.patch("/records/batch_airport/" + answer.text("/results/0/id"), "{}")
                                .status())
                .isEqualTo(404);
    }

    @Test
    void oneBadOperationAndNothingIsDone() {
        long before = SERVICE.count("SELECT count(*) FROM log.event");
        var answer =
                CLIENT.post(
                        "/commands",
                        """
                        {"operations": [
                          {"op": "create", "model": "batch_airport", "id": "good", "fields": {}},
                          {"op": "create", "model": "batch_airport", "id": "bad", "fields": {"name": 7}}]}
                        """);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("/errors/0/pointer")).isEqualTo("/operations/1/fields/name");
        assertThat(SERVICE.count("SELECT count(*) FROM log.event")).isEqualTo(before);
    }

    @Test
    void anOperationWithAStaleRevisionStopsTheBatch() {
        CLIENT.put("/records/batch_airport/stale", "{}");
        var answer =
                CLIENT.post(
                        "/commands",
                        """
                        {"operations": [
                          {"op": "create", "model": "batch_airport", "fields": {}},
                          {"op": "patch", "model": "batch_airport", "id": "stale", "expectedRevision": 2, "patch": {}}]}
                        """);
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.problem()).isEqualTo("stale-revision");
        assertThat(answer.text("/errors/0/pointer")).isEqualTo("/operations/1");
    }

    @Test
    void tenThousandOperationsAreOneAppend() {
        assertThat(CLIENT.put("/records/batch_country/big", "{\"name\": \"big\"}").status())
                .isEqualTo(201);
        var body = new StringBuilder("{\"operations\": [");
        for (int i = 0; i < 10_000; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"op\": \"create\", \"model\": \"batch_airport\", \"id\": \"b")
                    .append(i)
                    .append("\", \"fields\": {\"code\": \"b")
                    .append(i)
                    .append("\", \"name\": \"Airport\", \"country\": \"big\"}}");
        }
        String batch = body.append("]}").toString();
        var answer = CLIENT.post("/commands", batch, "Idempotency-Key", "ten-thousand");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("results").size()).isEqualTo(10_000);
        var again = CLIENT.post("/commands", batch, "Idempotency-Key", "ten-thousand");
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.json()).isEqualTo(answer.json());

        var deleted = CLIENT.delete("/records/batch_country/big");
        assertThat(deleted.status()).as("%s", deleted).isEqualTo(204);
        assertThat(
                        SERVICE.count(
                                "SELECT count(*) FROM log.event WHERE type = 'headwater.RecordDeleted'"
                                        + " AND tags @> '{ref=batch_country/big}'"))
                .isEqualTo(10_000);
    }
}
