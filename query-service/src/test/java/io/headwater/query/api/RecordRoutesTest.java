package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.query.api.Platform.Answer;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class RecordRoutesTest {
    private static final Platform platform = Platform.get();
    private static final ModelDefinition CUSTOMER =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text", "required": true},
                                "limit": {"type": "decimal", "precision": 12, "scale": 2},
                                "visits": {"type": "integer"},
                                "active": {"type": "boolean"},
                                "since": {"type": "date"},
                                "seen": {"type": "timestamp"},
                                "key": {"type": "uuid", "unique": true},
                                "tier": {"type": "enum", "options": ["basic", "gold"]},
                                "country": {"type": "reference", "to": "country"},
                                "extra": {"type": "json"},
                                "tags": {"type": "list", "items": {"type": "text"}},
                                "stamps": {"type": "list", "items": {"type": "timestamp"}},
                                "prices": {"type": "list", "items": {"type": "decimal", "precision": 12, "scale": 10}},
                                "xmin": {"type": "text"}}}
                    """);
    private static final String FIELDS =
            """
            {"name":"Ada \\"\\\\ é 😀","limit":"12.50","visits":9007199254740993,"active":false,"since":"0044-03-15",\
            "seen":"1582-10-10T23:59:59.000001Z","key":"123e4567-e89b-12d3-a456-426614174000","tier":"gold","country":"NZ",\
            "extra":{"b":1.00,"a":[null,"x"]},"tags":["","a,b","\\"{}\\\\"],"stamps":["0001-01-01T00:00:00.000000Z",\
            "2026-01-31T10:00:00.123456Z"],"prices":["0.0000000000","-1.5000000000"],"xmin":"mine"}\
            """;

    @BeforeAll
    static void fill() throws Exception {
        platform.tables().define("customer", CUSTOMER);
        platform.tables()
                .insert(
                        "customer",
                        CUSTOMER,
                        7,
                        Map.of("ada", object(FIELDS), "bob", object("{\"name\":\"Bob\"}")));
        platform.tables().checkpoint(Platform.EPOCH, 7);
        platform.replicate();
    }

    @Test
    void aRecordComesInItsEnvelopeWithCanonicalValues() {
        Answer answer = platform.get("/records/customer/ada");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"id\":\"ada\",\"model\":\"customer\",\"revision\":1,\"position\":7,"
                                + "\"createdAt\":\"2026-01-31T10:00:00.123456Z\",\"updatedAt\":\"2026-01-31T10:00:00.123456Z\","
                                + "\"fields\":"
                                + FIELDS
                                + "}");
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Consistency-Token")).isEqualTo(Platform.EPOCH + ".7");
    }

    @Test
    void whatTheClientHasIsNotSentAgain() {
        for (String tag : new String[] {"\"1\"", "W/\"1\"", "\"9\", \"1\"", "*"}) {
            Answer answer = platform.get("/records/customer/ada", "If-None-Match", tag);
            assertThat(answer.status()).as(tag).isEqualTo(304);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.header("ETag")).isEqualTo("\"1\"");
        }
        assertThat(platform.get("/records/customer/ada", "If-None-Match", "\"2\"").status())
                .isEqualTo(200);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Answer record = platform.get("/records/customer/eve");
        assertThat(record.status()).isEqualTo(404);
        assertThat(record.problem()).isEqualTo("unknown-record");
        assertThat(record.header("Consistency-Token")).isEqualTo(Platform.EPOCH + ".7");
        Answer model = platform.get("/records/nobody/eve");
        assertThat(model.status()).isEqualTo(404);
        assertThat(model.problem()).isEqualTo("unknown-model");
        assertThat(platform.get("/records/Not%27a%22model").problem()).isEqualTo("unknown-model");
        assertThat(platform.get("/records/nobody").problem()).isEqualTo("unknown-model");
    }

    @Test
    void aListHasTheRecordsById() {
        Answer answer = platform.get("/records/customer?fields=name,tier");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(
                        answer.json()
                                .get("items")
                                .valueStream()
                                .map(item -> item.get("id").stringValue()))
                .containsExactly("ada", "bob");
        assertThat(answer.json().at("/items/0/fields").propertyNames())
                .containsExactly("name", "tier");
        assertThat(answer.json().has("next")).isFalse();
        assertThat(answer.header("Link")).isEmpty();
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }
}
