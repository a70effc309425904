package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.ModelName;
import io.headwater.contract.Topics;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// From an HTTP command to a query on the hot standby.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeWayTest {
    private static final String CUSTOMER =
            """
            {"label": "Customer",
             "fields": {"name":  {"type": "text", "required": true, "maxLength": 200},
                        "email": {"type": "text", "unique": true, "pattern": "^[^@]+@[^@]+$"},
                        "limit": {"type": "decimal", "precision": 12, "scale": 2, "min": "0"}}}
            """;

    private Scene scene;

    @BeforeAll
    void start() {
        scene = new Scene();
        scene.define("customer", CUSTOMER);
    }

    @AfterAll
    void stop() {
        scene.close();
    }

    @Test
    void aWriteIsSeenByAReadThatCarriesItsToken() {
        for (int i = 0; i < 100; i++) {
            String name = "Ada " + i;
            Answer created =
                    scene.commands.send(
                            "POST",
                            "/records/customer",
                            "{\"name\":\"" + name + "\",\"limit\":\"5.5\"}");
            assertThat(created.status()).as(created.toString()).isEqualTo(201);

            Answer read =
                    scene.queries.get(
                            created.header("Location"),
                            ConsistencyToken.AT_LEAST_HEADER,
                            created.token().toString(),
                            "Prefer",
                            "wait=10");

            assertThat(read.status()).as(read.toString()).isEqualTo(200);
            assertThat(read.json().at("/fields/name").stringValue()).isEqualTo(name);
            assertThat(read.json().at("/fields/limit").stringValue()).isEqualTo("5.50");
            assertThat(read.revision()).isEqualTo(1);
            assertThat(read.token().position()).isGreaterThanOrEqualTo(created.token().position());
        }
    }

    @Test
    void aWriteReachesEachKindOfTopic() {
        Answer created =
                scene.commands.send("PUT", "/records/customer/topics", "{\"name\":\"Grace\"}");
        Answer deleted = scene.commands.send("DELETE", "/records/customer/topics", null);
        scene.getAtLeast(deleted.token(), "/models/customer");
        var kafka = new KafkaLog(scene.platform.cluster().bootstrapServers());
        var model = new ModelName("customer");

        assertThat(kafka.read(Topics.LOG))
                .filteredOn(e -> e.key().equals("customer/topics"))
                .extracting(KafkaLog.Seen::position)
                .containsExactly(created.token().position(), deleted.token().position());
        assertThat(kafka.read(Topics.records(model)))
                .filteredOn(e -> e.key().equals("topics"))
                .extracting(KafkaLog.Seen::position)
                .containsExactly(created.token().position(), deleted.token().position());
        assertThat(kafka.read(Topics.state(model)))
                .filteredOn(e -> e.key().equals("topics"))
                .last()
                .extracting(KafkaLog.Seen::value)
                .as("tombstone")
                .isNull();
    }

    @Test
    void aNamedQueryIsRunAndExportedAfterItsDefinition() {
        scene.commands.send(
                "PUT", "/records/customer/limited", "{\"name\":\"Lim\",\"limit\":\"77\"}");
        Answer defined =
                scene.commands.send(
                        "PUT",
                        "/queries/limited",
                        """
                        {"model": "customer", "parameters": {"limit": {"type": "decimal", "required": true}},
                         "query": {"filter": {"field": "limit", "op": "eq", "value": {"$param": "limit"}}}}
                        """);
        assertThat(defined.status()).as(defined.toString()).isEqualTo(201);

        Answer page = scene.getAtLeast(defined.token(), "/queries/limited?limit=77.00");
        assertThat(page.json().at("/items/0/id").asString()).isEqualTo("limited");
        Answer csv = scene.getAtLeast(defined.token(), "/queries/limited.csv?limit=77");
        assertThat(csv.response().body()).contains("\r\nlimited,1,");
        // The packaged service has all that Parquet needs.
        Answer parquet = scene.getAtLeast(defined.token(), "/queries/limited.parquet?limit=77");
        assertThat(parquet.status()).isEqualTo(200);
        assertThat(parquet.response().body()).startsWith("PAR1").endsWith("PAR1");
    }

    @Test
    void withoutATokenNothingIsSaid() {
        var stranger = new Client(scene.platform.command().url(), "nobody");
        assertThat(stranger.send("POST", "/records/customer", "{\"name\":\"x\"}").status())
                .isEqualTo(401);
        var reader = new Client(scene.platform.command().url(), scene.platform.token("read"));
        assertThat(reader.send("POST", "/records/customer", "{\"name\":\"x\"}").status())
                .isEqualTo(403);
        var stranger2 = new Client(scene.platform.query().url(), "nobody");
        assertThat(stranger2.get("/records/customer").status()).isEqualTo(401);
    }

    @Test
    void thePipelineShowsEachStage() {
        Answer written = scene.commands.send("POST", "/records/customer", "{\"name\":\"Eve\"}");
        scene.getAtLeast(written.token(), "/models/customer");
        // A stage that is slow to answer for the first time is shown as unreachable, rightly.
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> {
                    Answer pipeline = scene.queries.get("/pipeline");
                    assertThat(pipeline.status()).as(pipeline.toString()).isEqualTo(200);
                    var stages = pipeline.json().get("stages");
                    assertThat(stages.findValuesAsString("stage"))
                            .containsExactly("log", "relay", "kafka", "projection", "standby");
                    assertThat(stages.findValues("position"))
                            .as("stages that could be asked: " + stages)
                            .hasSize(5);
                });
    }
}
