package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Faults;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.api.Platform.Answer;
import io.headwater.query.language.CompiledQuery;
import io.headwater.query.language.QueryCompiler;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.language.RecordQuery;
import io.headwater.query.language.RecordShape;
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
    private static final RecordShape SHAPE = new RecordShape(new ModelName("big"), BIG);

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
                "filter[code][starts]=code-1999",
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
                assertThat(lines.toString()).doesNotContain("Seq Scan on record_big");
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
