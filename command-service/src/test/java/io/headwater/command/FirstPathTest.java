package io.headwater.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// From HTTP to the event table, once through everything.
class FirstPathTest {
    private final RunningService service = RunningService.shared();
    private final Client client = service.client();

    @Test
    void aModelIsDefinedAndARecordIsCreatedChangedAndDeleted() {
        var defined =
                client.put(
                        "/models/first",
                        """
                        {"fields": {"name": {"type": "text", "required": true},
                                    "email": {"type": "text", "unique": true},
                                    "size": {"type": "integer"}}}
                        """);
        assertThat(defined.status()).as("%s", defined).isEqualTo(201);

        var created =
                client.post(
                        "/records/first?id=a",
                        "{\"name\": \"Ada\", \"email\": \"a@b\", \"size\": 5}");
        assertThat(created.status()).as("%s", created).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo("/records/first/a");
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.header("Consistency-Token")).matches("[0-9a-f]{8}\\.\\d+");
        assertThat(service.text("SELECT payload FROM log.event WHERE tags @> '{record=first/a}'"))
                .isEqualTo(
                        "{\"model\":\"first\",\"modelVersion\":1,\"id\":\"a\",\"revision\":1,"
                                + "\"fields\":{\"name\":\"Ada\",\"email\":\"a@b\",\"size\":5}}");

        var patched = client.patch("/records/first/a", "{\"size\": 6}", "If-Match", "\"1\"");
        assertThat(patched.status()).as("%s", patched).isEqualTo(200);
        assertThat(patched.header("ETag")).isEqualTo("\"2\"");

        assertThat(client.patch("/records/first/a", "{\"size\": 6}").header("ETag"))
                .isEqualTo("\"2\"");
        assertThat(client.delete("/records/first/a").status()).isEqualTo(204);
        assertThat(service.count("SELECT count(*) FROM log.event WHERE tags @> '{record=first/a}'"))
                .isEqualTo(3);
    }

    @Test
    void aQueryIsDefinedChangedAndRetired() {
        client.put("/models/asked", "{\"fields\": {\"n\": {\"type\": \"integer\"}}}");
        String definition =
                """
                {"model": "asked", "parameters": {"min": {"type": "integer"}},
                 "query": {"filter": {"field": "n", "op": "gte", "value": {"$param": "min"}}}}
                """;
        assertThat(client.put("/queries/asked_min?dryRun=true", definition).status())
                .isEqualTo(201);
        var defined = client.put("/queries/asked_min", definition);
        assertThat(defined.status()).as("%s", defined).isEqualTo(201);
        assertThat(defined.header("Location")).isEqualTo("/queries/asked_min");
        assertThat(defined.header("ETag")).isEqualTo("\"1\"");
        assertThat(
                        service.count(
                                "SELECT count(*) FROM log.event WHERE tags @> '{query=asked_min}' AND type = 'headwater.QueryDefined'"))
                .isEqualTo(1);
        assertThat(client.put("/queries/asked_min", definition.replace("gte", "gt")).header("ETag"))
                .isEqualTo("\"2\"");
        assertThat(client.put("/queries/asked_min", definition.replace("\"n\"", "\"x\"")).status())
                .isEqualTo(422);
        assertThat(
                        client.put(
                                        "/queries/asked_min",
                                        definition.replace(
                                                "\"type\": \"integer\"",
                                                "\"type\": \"integer\", \"min\": 5"))
                                .status())
                .isEqualTo(409);
        assertThat(client.put("/queries/asked_min", "{}").status()).isEqualTo(422);
        assertThat(client.delete("/queries/asked_min").status()).isEqualTo(204);
        assertThat(client.delete("/queries/asked_min").status()).isEqualTo(410);
        assertThat(client.delete("/queries/no_such").status()).isEqualTo(404);
    }
}
