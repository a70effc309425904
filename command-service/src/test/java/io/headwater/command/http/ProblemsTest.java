package io.headwater.command.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.headwater.command.Client;
import io.headwater.command.Client.Answer;
import io.headwater.command.RunningService;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kind of problem, over real HTTP, and bad input of every kind that could be thought of.
class ProblemsTest {
    private static final RunningService SERVICE = RunningService.shared();
    private static final Client CLIENT = SERVICE.client();

    @BeforeAll
    static void models() {
        assertThat(
                        CLIENT.put(
                                        "/models/problem_target",
                                        "{\"fields\": {\"name\": {\"type\": \"text\"}}}")
                                .status())
                .isIn(200, 201);
        assertThat(
                        CLIENT.put(
                                        "/models/problem",
                                        """
                                        {"fields": {"name": {"type": "text", "maxLength": 100},
                                                    "code": {"type": "text", "unique": true},
                                                    "size": {"type": "integer"},
                                                    "price": {"type": "decimal", "precision": 12, "scale": 2},
                                                    "day": {"type": "date"},
                                                    "at": {"type": "timestamp"},
                                                    "key": {"type": "uuid"},
                                                    "flag": {"type": "boolean"},
                                                    "kind": {"type": "enum", "options": ["a", "b"]},
                                                    "tags": {"type": "list", "items": {"type": "text"}, "maxItems": 3},
                                                    "more": {"type": "json"},
                                                    "to": {"type": "reference", "to": "problem_target"}}}
                                        """)
                                .status())
                .isIn(200, 201);
    }

    @Test
    void tokensAreRequiredAndTheirScopesDecide() {
        assertProblem(anonymous("/records/problem"), 401, "unauthorized");
        var expired =
                RunningService.token(
                        new JWTClaimsSet.Builder()
                                .subject("x")
                                .claim("scope", "write")
                                .expirationTime(Date.from(Instant.now().minusSeconds(3600)))
                                .build());
        assertProblem(withToken(expired), 401, "unauthorized");
        assertProblem(withToken("nonsense"), 401, "unauthorized");
        var nobody =
                RunningService.token(
                        new JWTClaimsSet.Builder()
                                .claim("scope", "write")
                                .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                                .build());
        assertProblem(withToken(nobody), 401, "unauthorized");
        String signed = RunningService.token("tester", "write");
        assertProblem(
                withToken(signed.substring(0, signed.length() - 8) + "AAAAAAAA"),
                401,
                "unauthorized");
        assertProblem(SERVICE.client("read").post("/records/problem", "{}"), 403, "forbidden");
        assertProblem(SERVICE.client("write").put("/models/other", "{}"), 403, "forbidden");
        assertProblem(SERVICE.client("model-admin").post("/commands", "{}"), 403, "forbidden");
        assertThat(SERVICE.client("write").post("/records/problem", "{}").status()).isEqualTo(201);
    }

    @Test
    void routesAndMethodsThatAreNotThere() {
        assertProblem(CLIENT.post("/nowhere", "{}"), 404, "unknown-route");
        assertProblem(CLIENT.post("/records/problem/a/b", "{}"), 404, "unknown-route");
        assertProblem(CLIENT.send("GET", "/records/problem/a", null), 405, "method-not-allowed");
        assertThat(CLIENT.send("GET", "/records/problem/a", null).header("Allow"))
                .contains("PUT")
                .contains("PATCH")
                .contains("DELETE");
        assertProblem(CLIENT.post("/models/problem", "{}"), 405, "method-not-allowed");
        assertProblem(CLIENT.send("GET", "/error", null), 404, "unknown-route");
    }

    @Test
    void modelsThatAreNotThere() {
        assertProblem(CLIENT.post("/records/no_such", "{}"), 404, "unknown-model");
        assertProblem(CLIENT.delete("/models/no_such"), 404, "unknown-model");
        assertThat(
                        CLIENT.put("/models/gone", "{\"fields\": {\"a\": {\"type\": \"text\"}}}")
                                .status())
                .isEqualTo(201);
        assertThat(CLIENT.delete("/models/gone").status()).isEqualTo(204);
        assertProblem(CLIENT.post("/records/gone", "{}"), 410, "model-retired");
        assertProblem(
                CLIENT.put("/models/gone", "{\"fields\": {\"a\": {\"type\": \"text\"}}}"),
                410,
                "model-retired");
        assertProblem(CLIENT.delete("/models/gone"), 410, "model-retired");
        assertProblem(CLIENT.delete("/models/problem_target"), 409, "model-referenced");
    }

    @Test
    void modelsThatAreNotValidOrBreakRecords() {
        assertProblem(CLIENT.put("/models/bad", "{}"), 422, "invalid-model");
        assertProblem(CLIENT.put("/models/bad", "[]"), 422, "invalid-model");
        var faulty =
                CLIENT.put(
                        "/models/bad",
                        "{\"fields\": {\"a\": {\"type\": \"txt\"}, \"b\": {\"type\": \"enum\"}}}");
        assertProblem(faulty, 422, "invalid-model");
        assertThat(faulty.text("/errors/0/pointer")).isEqualTo("/fields/a/type");
        assertThat(faulty.text("/errors/1/pointer")).isEqualTo("/fields/b/options");
        assertProblem(
                CLIENT.put(
                        "/models/bad",
                        "{\"fields\": {\"a\": {\"type\": \"reference\", \"to\": \"no_such\"}}}"),
                409,
                "unresolved-reference");
        var breaking =
                CLIENT.put(
                        "/models/problem_target", "{\"fields\": {\"name\": {\"type\": \"date\"}}}");
        assertProblem(breaking, 409, "incompatible-change");
        assertThat(breaking.text("/errors/0/code")).isEqualTo("changed-type");
        assertProblem(
                CLIENT.put(
                        "/models/problem_target?dryRun=true",
                        "{\"fields\": {\"name\": {\"type\": \"date\"}}}"),
                409,
                "incompatible-change");
    }

    @Test
    void recordsThatAreThereOrNot() {
        assertProblem(CLIENT.patch("/records/problem/none", "{}"), 404, "unknown-record");
        assertProblem(CLIENT.delete("/records/problem/none"), 404, "unknown-record");
        assertThat(CLIENT.put("/records/problem/p1", "{\"code\": \"p1\"}").status()).isEqualTo(201);
        assertProblem(CLIENT.post("/records/problem?id=p1", "{}"), 409, "record-exists");
        assertProblem(
                CLIENT.put("/records/problem/p1", "{}", "If-None-Match", "*"),
                412,
                "already-there");
        assertProblem(
                CLIENT.put("/records/problem/p1", "{}", "If-Match", "\"7\""),
                412,
                "stale-revision");
        assertProblem(
                CLIENT.put("/records/problem/none", "{}", "If-Match", "*"), 412, "stale-revision");
        assertProblem(
                CLIENT.patch("/records/problem/p1", "{}", "If-Match", "\"abc\", W/\"1\""),
                412,
                "stale-revision");
        assertProblem(CLIENT.post("/records/problem", "{\"code\": \"p1\"}"), 409, "not-unique");
        assertProblem(
                CLIENT.post("/records/problem", "{\"to\": \"none\"}"), 409, "unresolved-reference");
        assertThat(CLIENT.put("/records/problem_target/t1", "{}").status()).isEqualTo(201);
        assertThat(CLIENT.put("/records/problem/p2", "{\"to\": \"t1\"}").status()).isEqualTo(201);
        var held = CLIENT.delete("/records/problem_target/t1");
        assertProblem(held, 409, "still-referenced");
        assertThat(held.text("/detail")).contains("problem/p2").contains("its field to");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\": 5} | /name | type",
                "{\"name\": \"\\u0000\"} | /name | text",
                "{\"name\": \"a\\ud800b\"} | /name | text",
                "{\"name\": \"\\udc00\\ud800\"} | /name | text",
                "{\"more\": {\"a\\u0000\": 1}} | /more | text",
                "{\"more\": [{\"a\": \"\\ud800\"}]} | /more | text",
                "{\"colour\": 1} | /colour | unknown-field",
                "{\"col/our~\": 1} | /col~1our~0 | unknown-field",
                "{\"size\": \"5\"} | /size | type",
                "{\"size\": 5.5} | /size | type",
                "{\"size\": 9223372036854775808} | /size | range",
                "{\"size\": 1e400} | /size | range",
                "{\"size\": 1e-400} | /size | type",
                "{\"size\": 1e999999999} | /size | range",
                "{\"price\": \"1.234\"} | /price | scale",
                "{\"price\": 12345678901.00} | /price | precision",
                "{\"price\": 1e999999999} | /price | precision",
                "{\"price\": \"1e999999999\"} | /price | precision",
                "{\"price\": 1e-999999999} | /price | scale",
                "{\"price\": \"Infinity\"} | /price | type",
                "{\"price\": \"NaN\"} | /price | type",
                "{\"day\": \"2026-02-30\"} | /day | type",
                "{\"day\": \"+12026-01-01\"} | /day | type",
                "{\"at\": \"2026-01-01\"} | /at | type",
                "{\"at\": \"2026-01-01T25:00:00Z\"} | /at | type",
                "{\"at\": \"2026-01-01T00:00:00.0000001Z\"} | /at | type",
                "{\"key\": \"123\"} | /key | type",
                "{\"flag\": \"true\"} | /flag | type",
                "{\"kind\": \"c\"} | /kind | type",
                "{\"tags\": \"a\"} | /tags | type",
                "{\"tags\": [\"a\", null]} | /tags/1 | type",
                "{\"tags\": [\"a\", 7]} | /tags/1 | type",
                "{\"tags\": [\"a\", \"b\", \"c\", \"d\"]} | /tags | maxItems",
                "{\"to\": \"not an id\"} | /to | type",
                "{\"to\": {\"$local\": \"a\"}} | /to | unknown-local"
            })
    void valuesThatAreNotValidAreNamed(String body, String pointer, String code) {
        Answer answer = CLIENT.post("/records/problem", body);
        assertProblem(answer, 422, "invalid-record");
        assertThat(answer.text("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(answer.text("/errors/0/code")).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "null", "\"a\"", "[]", "[{}]", "true"})
    void aRecordIsAnObject(String body) {
        assertProblem(CLIENT.post("/records/problem", body), 422, "invalid-record");
        assertProblem(CLIENT.put("/records/problem/obj", body), 422, "invalid-record");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"a\"",
                "{\"a\": 1,}",
                "{'a': 1}",
                "{\"a\": 1} x",
                "{\"a\": 1}{\"b\": 2}",
                "{\"a\": 1, \"a\": 2}",
                "nul",
                "{\"a\": 01}",
                "{\"a\": .5}",
                "{\"a\": NaN}",
                "{\"size\": 1e99999999999999999999}",
                "// c\n{}",
                "{\"a\": \"\u0001\"}",
                "{\"a\": \"\\x\"}",
                "\uFEFF\uFEFF{}"
            })
    void whatIsNoJsonIsRefusedWithItsPlace(String body) {
        Answer answer = CLIENT.post("/records/problem", body);
        assertProblem(answer, 400, "malformed-json");
        if (!body.isBlank()) {
            assertThat(answer.text("/detail"))
                    .matches("(Line \\d+, column \\d+: |A number's exponent).+")
                    .doesNotContain("Source", "Feature", "reference chain");
        }
    }

    @Test
    void theRestOfWhatParsersFallFor() {
        assertProblem(
                CLIENT.post(
                        "/records/problem",
                        "{\"more\": " + "[".repeat(5_000) + "]".repeat(5_000) + "}"),
                400,
                "malformed-json");
        assertProblem(
                CLIENT.post("/records/problem", "{\"size\": " + "9".repeat(5_000) + "}"),
                400,
                "malformed-json");
        assertProblem(
                CLIENT.post("/records/problem", "{\"" + "n".repeat(60_000) + "\": 1}"),
                400,
                "malformed-json");
        assertProblem(
                CLIENT.post("/records/problem", "{\"name\": \"" + "n".repeat(200_000) + "\"}"),
                422,
                "invalid-record");
        var latin =
                HttpRequest.newBuilder(uri("/records/problem"))
                        .header("Authorization", "Bearer " + RunningService.token("t", "write"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        new byte[] {
                                            '{', '"', 'a', (byte) 0xe9, '"', ':', '1', '}'
                                        }))
                        .build();
        assertProblem(Client.send(latin), 400, "malformed-json");
    }

    @Test
    void bodiesThatAreTooLargeOrOfTheWrongKind() {
        String large = "{\"name\": \"" + "n".repeat(1_100_000) + "\"}";
        assertProblem(CLIENT.post("/records/problem", large), 413, "body-too-large");
        var chunked =
                HttpRequest.newBuilder(uri("/records/problem"))
                        .header("Authorization", "Bearer " + RunningService.token("t", "write"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.fromPublisher(
                                        HttpRequest.BodyPublishers.ofString(large)))
                        .build();
        assertProblem(Client.send(chunked), 413, "body-too-large");
        assertProblem(
                CLIENT.post(
                        "/records/problem",
                        "name=x",
                        "Content-Type",
                        "application/x-www-form-urlencoded"),
                415,
                "unsupported-media-type");
        assertProblem(
                CLIENT.post(
                        "/records/problem",
                        "{}",
                        "Content-Type",
                        "application/json; charset=latin1"),
                415,
                "unsupported-media-type");
        assertProblem(
                CLIENT.post("/records/problem", "{}", "Content-Type", "rubbish"),
                415,
                "unsupported-media-type");
        assertProblem(
                CLIENT.put(
                        "/records/problem/x", "{}", "Content-Type", "application/merge-patch+json"),
                415,
                "unsupported-media-type");
        assertThat(
                        CLIENT.put(
                                        "/records/problem/x",
                                        "{}",
                                        "Content-Type",
                                        "application/json;charset=UTF-8")
                                .status())
                .isEqualTo(201);
        assertThat(
                        CLIENT.patch(
                                        "/records/problem/x",
                                        "{\"size\": 1}",
                                        "Content-Type",
                                        "application/merge-patch+json")
                                .status())
                .isEqualTo(200);
        assertThat(CLIENT.post("/records/problem", "{}", "Accept", "text/html").status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/records/Problem",
                "/records/1problem",
                "/records/problem-x",
                "/records/%2e%2e",
                "/records/problem/a%20b",
                "/records/problem/a%2Cb",
                "/records/problem/%C3%A9",
                "/records/problem/a'%20OR%201=1--",
                "/records/problem/a%22;DROP%20TABLE%20log.event",
                "/models/DROP%20TABLE"
            })
    void namesAndIdsThatCannotBe(String path) {
        Answer answer = CLIENT.put(path, "{}");
        assertThat(answer.status()).as("%s", answer).isIn(400, 404, 405);
        assertThat(answer.problem())
                .isIn("invalid-id", "bad-request", "method-not-allowed", "unknown-route");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/records/problem/%00", "/records/problem/a%2Fb", "/records/problem/a%5Cb",
                "/records//problem", "/records/problem;x=1/a", "/records/problem/..%2f..%2fetc",
                "/records/problem/%zz"
            })
    void pathsThatNoHandlerSees(String path) throws Exception {
        String answer =
                RawHttp.send(
                        SERVICE.port(),
                        "PUT "
                                + path
                                + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                + "Authorization: Bearer "
                                + RunningService.token("t", "write")
                                + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*");
        assertThat(answer).contains("application/problem+json").doesNotContain("<html");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RUBBISH\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET /{bad} HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /records/a HTTP/1.1\r\n\r\n",
                "POST /records/a HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "POST /records/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n"
            })
    void whatIsHardlyHttpGetsNoPageForPeopleAndNoStack(String request) throws Exception {
        String answer = RawHttp.send(SERVICE.port(), request);
        assertThat(answer)
                .doesNotContain("<html")
                .doesNotContain("Exception")
                .doesNotContain(" 500 ");
    }

    @Test
    void headersThatAreTooLargeOrNotValid() throws Exception {
        String answer =
                RawHttp.send(
                        SERVICE.port(),
                        "GET / HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(40_000) + "\r\n\r\n");
        assertThat(answer).doesNotContain("<html").matches("(?s)HTTP/1.1 4\\d\\d .*");
        for (String key : new String[] {"", "a b", "x".repeat(201), "é"}) {
            String raw =
                    RawHttp.send(
                            SERVICE.port(),
                            "POST /records/problem HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Authorization: Bearer "
                                    + RunningService.token("t", "write")
                                    + "\r\nIdempotency-Key: "
                                    + key
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(raw).as(key).startsWith("HTTP/1.1 400").contains("application/problem+json");
        }
        assertProblem(
                CLIENT.put("/records/problem/h", "{}", "If-Match", "7"), 400, "invalid-header");
        assertProblem(
                CLIENT.put("/records/problem/h", "{}", "If-None-Match", "\"7\""),
                400,
                "invalid-header");
        assertProblem(
                CLIENT.put("/records/problem/h", "{}", "If-None-Match", "*", "If-Match", "*"),
                400,
                "invalid-header");
    }

    @Test
    void parametersThatAreNotKnown() {
        var answer = CLIENT.post("/records/problem?dry=1&x=2", "{}");
        assertProblem(answer, 400, "invalid-parameter");
        assertThat(answer.text("/errors/0/parameter")).isIn("dry", "x");
        assertProblem(CLIENT.post("/records/problem?id=a&id=b", "{}"), 400, "invalid-parameter");
        assertProblem(CLIENT.post("/records/problem?id=a%20b", "{}"), 400, "invalid-id");
        assertProblem(
                CLIENT.put("/models/x?dryRun=maybe", "{\"fields\": {\"a\": {\"type\": \"text\"}}}"),
                400,
                "invalid-parameter");
        assertProblem(CLIENT.put("/records/problem/x?dryRun=true", "{}"), 400, "invalid-parameter");
        assertProblem(CLIENT.delete("/records/problem/x?force"), 400, "invalid-parameter");
        assertProblem(CLIENT.post("/commands?x", "{}"), 400, "invalid-parameter");
    }

    @Test
    void batchesThatAreNotValid() {
        assertProblem(CLIENT.post("/commands", "{}"), 422, "invalid-batch");
        assertProblem(CLIENT.post("/commands", "[]"), 422, "invalid-batch");
        assertProblem(CLIENT.post("/commands", "{\"operations\": []}"), 422, "invalid-batch");
        var answer =
                CLIENT.post(
                        "/commands",
                        """
                        {"operations": [
                          {"op": "upsert", "model": "problem"},
                          {"op": "create", "model": "Problem", "fields": {}},
                          {"op": "put", "model": "problem", "fields": {}},
                          {"op": "delete", "model": "problem", "id": "a b"},
                          {"op": "patch", "model": "problem", "id": "a"},
                          {"op": "create", "model": "problem", "fields": {}, "expectedRevision": 1},
                          {"op": "delete", "model": "problem", "id": "a", "expectedRevision": -1},
                          {"op": "create", "model": "problem", "fields": {}, "local": "x"},
                          {"op": "create", "model": "problem", "fields": {}, "local": "x"},
                          {"op": "create", "model": "problem", "fields": {}, "local": "\\ud800"},
                          7, null]}
                        """);
        assertProblem(answer, 422, "invalid-batch");
        assertThat(answer.json().at("/errors").valueStream().map(e -> e.get("pointer").asString()))
                .contains(
                        "/operations/0/op",
                        "/operations/1/model",
                        "/operations/2/id",
                        "/operations/3/id",
                        "/operations/4/patch",
                        "/operations/5/expectedRevision",
                        "/operations/6/expectedRevision",
                        "/operations/8/local",
                        "/operations/9/local",
                        "/operations/10/op",
                        "/operations/11/op");
        assertProblem(
                CLIENT.post("/commands", "{\"operations\": [" + "{},".repeat(10_000) + "{}]}"),
                422,
                "invalid-batch");
        var unresolved =
                CLIENT.post(
                        "/commands",
                        """
                        {"operations": [
                          {"op": "create", "model": "problem", "fields": {"name": "ok"}},
                          {"op": "create", "model": "problem", "fields": {"to": "none"}},
                          {"op": "patch", "model": "problem", "id": "none", "patch": {"name": 7}}]}
                        """);
        assertProblem(unresolved, 409, "unresolved-reference");
        assertThat(unresolved.text("/errors/0/pointer")).isEqualTo("/operations/1/fields/to");
        assertThat(unresolved.text("/errors/1/pointer")).isEqualTo("/operations/2");
    }

    @Test
    void sqlIsTextLikeAnyOther() {
        String sql = "'; DROP TABLE log.event; --";
        long before = SERVICE.count("SELECT count(*) FROM log.event");
        var answer =
                CLIENT.post(
                        "/records/problem",
                        "{\"name\": \""
                                + sql
                                + "\", \"code\": \""
                                + sql
                                + "\", \"more\": {\""
                                + sql
                                + "\": \""
                                + sql
                                + "\"}, \"tags\": [\""
                                + sql
                                + "\"]}",
                        "Idempotency-Key",
                        sql.replace(" ", ""),
                        "X-Request-Id",
                        sql.replace(" ", ""));
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        assertThat(SERVICE.count("SELECT count(*) FROM log.event")).isEqualTo(before + 2);
        assertProblem(
                CLIENT.post("/records/problem", "{\"code\": \"" + sql + "\"}"), 409, "not-unique");
        assertProblem(
                CLIENT.post("/records/problem", "{\"to\": \"" + sql + "\"}"),
                422,
                "invalid-record");
        assertProblem(
                CLIENT.put("/models/sql", "{\"fields\": {\"" + sql + "\": {\"type\": \"text\"}}}"),
                422,
                "invalid-model");
    }

    @Test
    void healthAndMetricsAreOpen() {
        assertThat(get("/actuator/health/readiness").text("/status")).isEqualTo("UP");
        assertThat(get("/actuator/health/liveness").text("/status")).isEqualTo("UP");
        assertThat(get("/actuator/prometheus").status()).isEqualTo(200);
        assertProblem(get("/actuator/env"), 404, "unknown-route");
    }

    private static Answer anonymous(String path) {
        return Client.send(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build());
    }

    private static Answer withToken(String token) {
        return Client.send(
                HttpRequest.newBuilder(uri("/records/problem"))
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build());
    }

    private static Answer get(String path) {
        return Client.send(HttpRequest.newBuilder(uri(path)).build());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + SERVICE.port() + path);
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status() + " " + answer.problem())
                .as("%s", answer)
                .isEqualTo(status + " " + code);
        assertThat(answer.json().get("status").intValue()).isEqualTo(status);
        assertThat(answer.text("/title")).isNotEmpty();
        assertThat(answer.text("/detail")).isNotEmpty();
    }
}
