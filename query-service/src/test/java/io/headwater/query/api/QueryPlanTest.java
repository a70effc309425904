package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Faults;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.api.Platform.Answer;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.sql.CompiledQuery;
import io.headwater.query.sql.QueryCompiler;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The hot queries touch few pages of a table of 200,000 rows, first page and later ones, whatever
/// plan the server caches.
class QueryPlanTest {
    private static final Platform platform = Platform.get();
    private static final Pattern BLOCKS =
            Pattern.compile("Buffers: shared(?: hit=(\\d+))?(?: read=(\\d+))?");
    private static final ModelDefinition BIG =
            Platform.definition(
                    """
                    {"fields": {"code": {"type": "text", "unique": true},
                                "rank": {"type": "integer", "indexed": true},
                                "parent": {"type": "reference", "to": "big"},
                                "at": {"type": "timestamp", "indexed": true},
                                "note": {"type": "text"}}}
                    """);
    private static final ModelDefinition WORDS =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text", "search": "A", "maxLength": 100}, "code": {"type": "text", "indexed": true},
                                "tags": {"type": "list", "indexed": true, "items": {"type": "text"}},
                                "big": {"type": "reference", "to": "big"}, "note": {"type": "text"}}}
                    """);
    private static final RecordShape SHAPE =
            new RecordShape(new ModelName("big"), BIG).among(_ -> shape());
    private static final RecordShape WORDS_SHAPE =
            new RecordShape(new ModelName("words"), WORDS).among(_ -> shape());

    private static RecordShape shape() {
        return SHAPE;
    }

    @BeforeAll
    static void fill() throws Exception {
        platform.tables().define("big", BIG);
        platform.superuser(
                """
                INSERT INTO read.record_big ("_id", "_revision", "_position", "_model_version", "_created_at", "_updated_at", "_valid_from",
                                             code, rank, parent, at, note)
                SELECT 'id-' || n, 1, n, 1, now(), now(), now(), 'code-' || n, n % 1000,
                       CASE WHEN n % 3 = 0 THEN 'id-' || n % 20000 END,
                       CASE WHEN n % 5 > 0 THEN timestamptz '2026-01-01Z' + n * interval '1 minute' END, repeat('x', 100)
                  FROM generate_series(1, 200000) n
                """);
        platform.superuser("VACUUM ANALYZE read.record_big");
        platform.tables().define("words", WORDS);
        platform.superuser(
                """
                INSERT INTO read.record_words ("_id", "_revision", "_position", "_model_version", "_created_at", "_updated_at", "_valid_from",
                                               name, code, tags, big, note)
                SELECT 'id-' || n, 1, n, 1, now(), now(), now(), 'Město číslo ' || md5(n::text), 'CODE-' || n,
                       ARRAY['t' || n % 5000, 'all'], 'id-' || n, repeat('x', 100)
                  FROM generate_series(1, 30000) n
                """);
        platform.superuser("VACUUM ANALYZE read.record_words");
        platform.superuser("VACUUM ANALYZE read.checkpoint");
        platform.replicate();
    }

    @Test
    void oneRecordTakesAFewPages() throws SQLException {
        CompiledQuery query = QueryCompiler.byId(SHAPE);
        var binds = new java.util.ArrayList<>(query.binds());
        binds.set(binds.size() - 1, "id-77777");
        for (String plan : List.of("force_custom_plan", "force_generic_plan")) {
            assertThat(blocks(query.sql(), binds, plan)).isLessThan(30);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sort=-@id",
                "filter[code][eq]=code-5",
                "filter[code][in]=code-5,code-199999,nothing",
                "filter[rank][eq]=7",
                "filter[rank][eq]=7&sort=-@id",
                "filter[rank][gte]=990&sort=rank",
                "filter[rank][lt]=10&sort=-rank",
                "sort=rank",
                "sort=-rank",
                "sort=at",
                "sort=-at",
                "filter[at][null]=true",
                "filter[parent][eq]=id-9",
                "filter[parent][eq]=id-9&sort=-rank",
                "filter[parent.code][eq]=code-9",
                "filter[parent.code][eq]=code-9&sort=parent.rank",
                "filter[parent.parent.code][in]=code-5,code-9",
                "expand=parent.big",
                "filter[rank][eq]=7&expand=parent",
            })
    void aPageTakesFewPagesOfTheTable(String parameters) throws SQLException {
        @Nullable String after = null;
        for (int page = 0; page < 3; page++) {
            Map<String, List<String>> asked = new LinkedHashMap<>();
            for (String pair : parameters.isEmpty() ? new String[0] : parameters.split("&", -1)) {
                asked.put(pair.split("=", 2)[0], List.of(pair.split("=", 2)[1]));
            }
            asked.put("page[size]", List.of("20"));
            if (after != null) {
                asked.put("page[after]", List.of(after));
            }
            var faults = new Faults();
            RecordQuery query = Objects.requireNonNull(QueryParameters.read(asked, SHAPE, faults));
            assertThat(faults.list()).isEmpty();
            CompiledQuery compiled = QueryCompiler.page(query);
            for (String plan : List.of("force_custom_plan", "force_generic_plan")) {
                assertThat(blocks(compiled.sql(), compiled.binds(), plan))
                        .as(plan + " " + asked)
                        .isLessThan(200);
            }
            Answer answer =
                    platform.get("/records/big?" + new QueryString(asked).with("page[size]", "20"));
            after = answer.json().path("next").asString(null);
            if (after == null) {
                return;
            }
        }
    }

    /// With the values at hand, as the server plans unless a plan without them is as good.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter[name][contains]=cislo%20a87ff679",
                "filter[name][starts]=MESTO%20CISLO%20a87ff",
                "filter[code][starts]=code-299",
                "filter[tags][any]=t7,t8",
                "filter[tags][all]=t7,all",
                "filter[tags][contains]=t7",
                "search=a87ff679a2f3e71d9181a67b7542122c",
                "search=mesto%20a87ff*",
                "search=a87ff*&expand=big",
                "filter[big.code][in]=code-7,code-8",
                "filter[tags][any]=t7&filter[name][contains]=mesto",
            })
    void aTextAListAndAReferredRecordAreFoundByTheirIndexes(String parameters) throws SQLException {
        CompiledQuery compiled = QueryCompiler.page(query(parameters, WORDS_SHAPE));
        assertThat(blocks(compiled.sql(), compiled.binds(), "force_custom_plan"))
                .as(parameters)
                .isLessThan(200);
        Answer answer = platform.get("/records/words?page%5Bsize%5D=20&" + encoded(parameters));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("items")).as(answer.body()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    big | filter[note][eq]=x               | "indexed": true, and so a maxLength of 500, on "note" of the model big
                    big | filter[note][contains]=abc       | "search": true on "note" of the model big, and search for words
                    big | sort=note                        | "indexed": true, and so a maxLength of 500, on "note" of the model big
                    big | sort=-@updatedAt                 | @updatedAt has no index
                    big | filter[note][ne]=x&filter[parent.note][eq]=x | on "note" of the model big
                    big/summary | filter[note][contains]=abc | "search": true on "note"
                    """)
    void whatWouldScanTooMuchIsRefusedWithTheIndexToDeclare(
            String path, String parameters, String advice) {
        Answer answer = platform.get("/records/" + path + "?" + encoded(parameters));
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("too-costly");
        assertThat(answer.json().get("detail").stringValue()).contains(advice);
        Answer narrowed =
                platform.get(
                        "/records/" + path + "?filter%5Brank%5D%5Beq%5D=7&" + encoded(parameters));
        assertThat(narrowed.status()).as(narrowed.body()).isEqualTo(200);
    }

    private static RecordQuery query(String parameters, RecordShape shape) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        for (String pair : parameters.split("&", -1)) {
            asked.put(
                    pair.split("=", 2)[0],
                    List.of(
                            java.net.URLDecoder.decode(
                                    pair.split("=", 2)[1],
                                    java.nio.charset.StandardCharsets.UTF_8)));
        }
        asked.put("page[size]", List.of("20"));
        var faults = new Faults();
        RecordQuery query = QueryParameters.read(asked, shape, faults);
        assertThat(faults.list()).isEmpty();
        return Objects.requireNonNull(query);
    }

    private static String encoded(String parameters) {
        return parameters.replace("[", "%5B").replace("]", "%5D");
    }

    private static int blocks(String sql, List<Object> binds, String plan) throws SQLException {
        try (Connection connection = platform.standby("headwater_query").getConnection();
                var settings = connection.createStatement()) {
            settings.execute("SET plan_cache_mode = " + plan);
            try (PreparedStatement statement =
                    connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS) " + sql)) {
                statement.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
                for (int i = 0; i < binds.size(); i++) {
                    Object value = binds.get(i);
                    if (value instanceof String[] texts) {
                        statement.setArray(i + 1, connection.createArrayOf("text", texts));
                    } else {
                        statement.setObject(i + 1, value);
                    }
                }
                var lines = new StringBuilder();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        lines.append(row.getString(1)).append('\n');
                    }
                }
                assertThat(lines.toString())
                        .doesNotContain("Seq Scan on record_big")
                        .doesNotContain("Seq Scan on record_words");
                Matcher top = BLOCKS.matcher(lines);
                assertThat(top.find()).isTrue();
                return number(top.group(1)) + number(top.group(2));
            }
        }
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
