package io.headwater.query.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.row.PqList;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordEvent.RecordChanged;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordEvent.RecordDeleted;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.query.api.Platform;
import io.headwater.query.api.Platform.Answer;
import io.headwater.query.rows.ReadTables.Logged;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Exports over HTTP: their formats, their snapshot, and what becomes of them when somebody goes.
class ExportTest {
    private static final Platform platform = Platform.get();
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final int MANY = 60_000;
    private static final ModelDefinition EVERY =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text"}, "n": {"type": "integer"},
                      "price": {"type": "decimal", "precision": 9, "scale": 2},
                      "mass": {"type": "decimal", "precision": 38, "scale": 10},
                      "ok": {"type": "boolean"}, "day": {"type": "date"}, "at": {"type": "timestamp"},
                      "key": {"type": "uuid"}, "tier": {"type": "enum", "options": ["basic", "gold"]},
                      "any": {"type": "json"}, "other": {"type": "reference", "to": "exported"},
                      "tags": {"type": "list", "items": {"type": "text"}},
                      "sizes": {"type": "list", "items": {"type": "integer"}},
                      "prices": {"type": "list", "items": {"type": "decimal", "precision": 9, "scale": 2}}}}
                    """);
    private static final String FULL =
            """
            {"name": "a \\"b\\", c", "n": -7, "price": "12.50", "mass": "-12345678901234567890.0000000001", "ok": true,
             "day": "1969-12-31", "at": "2026-01-31T10:00:00.123456Z", "key": "0195f8a0-1234-7abc-8def-0123456789ab",
             "tier": "gold", "other": "e", "any": {"a": [1, "x"]}, "tags": ["x", "y,\\"z\\""], "sizes": [1, 2], "prices": ["1.00"]}
            """;

    @BeforeAll
    static void fill() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
        project(
                new ModelDefined(new ModelName("exported"), 1, EVERY),
                created("a", FULL),
                created("b", "{\"name\": \"\", \"tags\": []}"),
                created("c", "{\"name\": \"=1+1\"}"),
                created("d", "{\"name\": \"gone\"}"));
        var many = Platform.definition("{\"fields\": {\"code\": {\"type\": \"text\"}}}");
        project(new ModelDefined(new ModelName("many"), 1, many));
        platform.superuser(
                """
                INSERT INTO read.record_many ("_id", "_revision", "_position", "_model_version", "_created_at", "_updated_at",
                                              "_valid_from", code)
                SELECT 'id-' || lpad(n::text, 6, '0'), 1, 1000, 1, now(), now(), now(), repeat('x', 200)
                  FROM generate_series(1, %d) n
                """
                        .formatted(MANY));
        project(
                changed("c", "{\"name\": \"=1+2\"}"),
                new RecordDeleted(ref("d"), 1, 2, null),
                created("e", "{\"n\": 1}"));
        platform.replicate();
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    private static long position = 1000;

    private static void project(io.headwater.contract.LogEvent... events) throws SQLException {
        List<Logged> logged = new ArrayList<>();
        for (var event : events) {
            logged.add(new Logged(++position, TIME.plusSeconds(position), event));
        }
        platform.tables().project(Platform.EPOCH, logged);
    }

    private static RecordRef ref(String id) {
        return new RecordRef(new ModelName("exported"), new RecordId(id));
    }

    private static RecordEvent created(String id, String fields) {
        return new RecordCreated(ref(id), 1, 1, object(fields), null);
    }

    private static RecordEvent changed(String id, String fields) {
        return new RecordChanged(ref(id), 1, 2, object(fields), Set.of("name"), null);
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }

    @Test
    void csvTellsUnsetFromEmptyAndQuotesWhatItMust() {
        Answer answer = platform.get("/records/exported.csv?fields=name,n,price,any,tags,sizes");

        assertThat(answer.body())
                .isEqualTo(
                        """
                        @id,@revision,@position,@createdAt,@updatedAt,name,n,price,any,tags,sizes\r
                        a,1,1002,2026-03-01T10:16:42.123456Z,2026-03-01T10:16:42.123456Z,"a ""b"", c",-7,12.50,\
                        "{""a"":[1,""x""]}",TAGS,"[1,2]"\r
                        b,1,1003,2026-03-01T10:16:43.123456Z,2026-03-01T10:16:43.123456Z,"",,,,[],\r
                        c,2,1007,2026-03-01T10:16:44.123456Z,2026-03-01T10:16:47.123456Z,=1+2,,,,,\r
                        e,1,1009,2026-03-01T10:16:49.123456Z,2026-03-01T10:16:49.123456Z,,1,,,,\r
                        """
                                .replace("TAGS", "\"[\"\"x\"\",\"\"y,\\\"\"z\\\"\"\"\"]\""));
        assertThat(answer.header("Content-Type"))
                .isEqualToIgnoringCase("text/csv;header=present;charset=UTF-8");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"exported.csv\"");
        assertThat(answer.header("Consistency-Token")).isEqualTo(Platform.EPOCH + "." + position);
    }

    @Test
    void whatIsPutBesideARecordIsAColumnToo() {
        List<String> lines =
                platform.get("/records/exported.csv?fields=n&expand=other").body().lines().toList();
        assertThat(lines.getFirst()).endsWith(",n,expanded.other");
        assertThat(lines.get(1)).contains(",-7,\"{\"\"id\"\":\"\"e\"\",");
        assertThat(lines.get(2)).endsWith(",,");
    }

    @Test
    void ndjsonIsTheLinesOfTheList() {
        for (String query :
                List.of(
                        "",
                        "filter%5Bn%5D%5Bnull%5D=true&sort=-name&fields=name",
                        "fields=name&expand=other",
                        "asOf=" + Platform.EPOCH + ".1005",
                        "validAt=2026-03-01T10:16:45Z&sort=name")) {
            assertThat(lines(platform.get("/records/exported.ndjson?" + query)))
                    .as(query)
                    .isNotEmpty()
                    .isEqualTo(items(platform.get("/records/exported?" + query)));
        }
        assertThat(platform.get("/records/exported.ndjson?filter%5Bn%5D%5Beq%5D=99").body())
                .isEmpty();
    }

    @Test
    void aDocumentIsExportedToo() {
        String query =
                """
                {"filter": {"or": [{"field": "n", "op": "eq", "value": 1}, {"field": "name", "op": "starts", "value": "="}]},
                 "sort": ["-@position"]%s}
                """;
        for (String more : List.of("", ", \"asOf\": \"" + Platform.EPOCH + ".1006\"")) {
            assertThat(
                            lines(
                                    platform.post(
                                            "/records/exported/query.ndjson",
                                            query.formatted(more))))
                    .isNotEmpty()
                    .isEqualTo(
                            items(platform.post("/records/exported/query", query.formatted(more))));
        }
        Answer paged = platform.post("/records/exported/query.csv", "{\"page\": {\"size\": 5}}");
        assertThat(paged.problem()).isEqualTo("invalid-query");
        assertThat(paged.json().at("/errors/0/pointer").asString()).isEqualTo("/page");
    }

    @Test
    void parquetHasTypedColumns() throws IOException, InterruptedException {
        byte[] file = bytes("/records/exported.parquet");
        try (var reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                var rows = reader.rowReader()) {
            rows.next();
            assertThat(rows.getString("@id")).isEqualTo("a");
            assertThat(rows.getLong("@revision")).isEqualTo(1);
            assertThat(rows.getLong("@position")).isEqualTo(1002);
            assertThat(rows.getTimestamp("@createdAt"))
                    .isEqualTo(Instant.parse("2026-03-01T10:16:42.123456Z"));
            assertThat(rows.getString("name")).isEqualTo("a \"b\", c");
            assertThat(rows.getLong("n")).isEqualTo(-7);
            assertThat(rows.getDecimal("price")).isEqualTo(new BigDecimal("12.50"));
            assertThat(rows.getDecimal("mass"))
                    .isEqualTo(new BigDecimal("-12345678901234567890.0000000001"));
            assertThat(rows.getBoolean("ok")).isTrue();
            assertThat(rows.getDate("day")).isEqualTo(LocalDate.parse("1969-12-31"));
            assertThat(rows.getTimestamp("at"))
                    .isEqualTo(Instant.parse("2026-01-31T10:00:00.123456Z"));
            assertThat(rows.getUuid("key"))
                    .isEqualTo(UUID.fromString("0195f8a0-1234-7abc-8def-0123456789ab"));
            assertThat(rows.getString("tier")).isEqualTo("gold");
            assertThat(Json.mapper().readTree(rows.getString("any")))
                    .isEqualTo(object("{\"a\": [1, \"x\"]}"));
            assertThat(list(rows.getList("tags"))).isEqualTo(List.of("x", "y,\"z\""));
            assertThat(list(rows.getList("sizes"))).isEqualTo(List.of(1L, 2L));
            assertThat(list(rows.getList("prices"))).isEqualTo(List.of(new BigDecimal("1.00")));
            rows.next();
            assertThat(rows.getString("name")).isEmpty();
            assertThat(rows.isNull("n")).isTrue();
            assertThat(rows.isNull("sizes")).isTrue();
            assertThat(list(rows.getList("tags"))).isEmpty();
            rows.next();
            assertThat(rows.getString("name")).isEqualTo("=1+2");
            rows.next();
            assertThat(rows.isNull("name")).isTrue();
            assertThat(rows.hasNext()).isFalse();
        }
    }

    private static List<Object> list(@Nullable PqList list) {
        return list == null ? List.of("unset") : list.values();
    }

    @Test
    void parquetOfManyRowsIsWhole() throws IOException, InterruptedException {
        byte[] file = bytes("/records/many.parquet");
        try (var reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                var rows = reader.rowReader()) {
            int n = 0;
            while (rows.hasNext()) {
                rows.next();
                assertThat(rows.getString("@id")).isEqualTo("id-%06d".formatted(++n));
            }
            assertThat(n).isEqualTo(MANY);
        }
    }

    @Test
    void whatCannotBeExportedIsSaidBeforeTheFirstByte() {
        assertThat(platform.get("/records/nothing.csv").problem()).isEqualTo("unknown-model");
        assertThat(platform.get("/records/exported.csv?filter%5Bx%5D%5Beq%5D=1").problem())
                .isEqualTo("invalid-query");
        Answer paged = platform.get("/records/exported.csv?page%5Bsize%5D=5");
        assertThat(paged.problem()).isEqualTo("invalid-query");
        assertThat(paged.json().at("/errors/0/code").asString()).isEqualTo("no-pages");
        assertThat(
                        platform.get(
                                        "/records/exported.csv",
                                        "Consistency-At-Least",
                                        Platform.EPOCH + ".999999",
                                        "Prefer",
                                        "wait=0")
                                .problem())
                .isEqualTo("not-there-yet");
    }

    @Test
    void aClientThatGoesLeavesNothingBehindAndTooManyAreRefused() throws Exception {
        List<ExportStream> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(stream("/records/many.ndjson"));
        }
        assertThat(sessions("state <> 'idle'")).isEqualTo(4);
        Answer refused = platform.get("/records/many.ndjson");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.problem()).isEqualTo("busy");
        assertThat(refused.header("Retry-After")).isNotEmpty();

        for (ExportStream client : clients) {
            client.close();
        }

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(sessions("state <> 'idle'")).isZero());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(platform.get("/records/exported.csv").status()).isEqualTo(200));
    }

    @Test
    void anExportOutlivesItsConnectionAndKeepsItsSnapshot() throws Exception {
        try (ExportStream client = stream("/records/many.ndjson")) {
            List<String> ids = new ArrayList<>();
            ids.add(id(client.line()));
            // What happens now is after the export's position.
            var ref = new RecordRef(new ModelName("many"), new RecordId("id-060000"));
            project(
                    new RecordChanged(
                            ref, 1, 2, object("{\"code\": \"new\"}"), Set.of("code"), null));
            platform.replicate();
            assertThat(terminate()).isPositive();
            String last = "";
            for (String line = client.line(); line != null; line = client.line()) {
                ids.add(id(line));
                last = line;
            }
            assertThat(ids).hasSize(MANY).doesNotHaveDuplicates().isSorted();
            assertThat(Json.mapper().readTree(last).at("/fields/code").asString())
                    .isEqualTo("x".repeat(200));
        }
    }

    @Test
    void anExportThatCannotGoOnIsCutOff() throws Exception {
        var lost = Platform.definition("{\"fields\": {\"code\": {\"type\": \"text\"}}}");
        project(new ModelDefined(new ModelName("lost"), 1, lost));
        platform.superuser(
                """
                INSERT INTO read.record_lost SELECT * FROM read.record_many
                """);
        platform.replicate();
        try (ExportStream client = stream("/records/lost.ndjson")) {
            assertThat(client.line()).isNotNull();
            platform.superuser("ALTER TABLE read.record_lost RENAME TO renamed_lost");
            assertThat(terminate()).isPositive();
            platform.replicate();
            assertThatThrownBy(
                            () -> {
                                for (int lines = 1; client.line() != null; lines++) {
                                    if (lines % 1_000 == 0) {
                                        terminate();
                                    }
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cut off");
        }
        assertThat(platform.get("/records/exported.csv").status()).isEqualTo(200);
    }

    private static ExportStream stream(String path) throws IOException {
        return new ExportStream(platform.port(), path, platform.token("read"));
    }

    private static String id(@Nullable String line) {
        return Json.mapper().readTree(line).path("id").asString();
    }

    private static int sessions(String condition) throws SQLException {
        return number(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'headwater-export' AND "
                        + condition);
    }

    private static int terminate() throws SQLException {
        return number(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                        + " WHERE application_name = 'headwater-export' AND state <> 'idle'");
    }

    private static int number(String sql) throws SQLException {
        try (Connection connection = platform.cluster().standby().superuser();
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static byte[] bytes(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.port() + path))
                        .header("Authorization", "Bearer " + platform.token("read"))
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        }
    }

    private static List<JsonNode> lines(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body().lines().map(line -> Json.mapper().readTree(line)).toList();
    }

    private static List<JsonNode> items(Answer answer) {
        List<JsonNode> items = new ArrayList<>();
        answer.json().path("items").forEach(items::add);
        return items;
    }
}
