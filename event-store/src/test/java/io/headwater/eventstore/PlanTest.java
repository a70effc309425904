package io.headwater.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The hot statements stay on their indexes, with 200,000 events, half of them with one hot tag.
class PlanTest {

    private static final int EVENTS = 200_000;

    private static TestDatabase database;

    @BeforeAll
    static void fill() throws SQLException {
        database = TestDatabase.create();
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO log.event
                    SELECT n, gen_random_uuid(), 'Type' || mod(n, 3), '1', n, repeat('x', 300), '{}',
                           CASE WHEN mod(n, 2) = 0 THEN ARRAY['record=' || n / 4, 'model=hot'] ELSE ARRAY['record=' || n / 4] END
                      FROM generate_series(1, %d) n
                    """
                            .formatted(EVENTS));
            statement.execute(
                    "INSERT INTO log.event_tag SELECT t, position, type FROM log.event, unnest(tags) t");
            statement.execute("VACUUM ANALYZE log.event, log.event_tag");
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /// The check of an append, its parameters filled in with what is the worst for it.
    enum Check {
        OWN_TAG("{record=7}", "{NULL}", "{NULL}", EVENTS - 3),
        HOT_TAG("{model=hot}", "{NULL}", "{NULL}", EVENTS - 3),
        HOT_TAG_THAT_NOBODY_TOUCHED_SINCE("{model=hot}", "{NULL}", "{NULL}", EVENTS),
        HOT_TAG_AND_TYPE("{model=hot}", "{\"{None}\"}", "{NULL}", EVENTS - 3),
        TWO_TAGS("{model=hot}", "{NULL}", "{\"{record=7}\"}", EVENTS - 3),
        TYPE("{NULL}", "{\"{None}\"}", "{NULL}", EVENTS - 3),
        EVERY_EVENT("{NULL}", "{NULL}", "{NULL}", EVENTS);

        private final String tags;
        private final String types;
        private final String otherTags;
        private final long after;

        Check(String tags, String types, String otherTags, long after) {
            this.tags = tags;
            this.types = types;
            this.otherTags = otherTags;
            this.after = after;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConditionIsCheckedByARangeScanOfNewRows(Check check) throws SQLException {
        String sql = AppendSql.LOCK_AND_CHECK.substring(AppendSql.LOCK_AND_CHECK.indexOf(';') + 1);
        assertThat(
                        plans(
                                sql,
                                "{0}",
                                "{" + check.after + "}",
                                check.tags,
                                check.types,
                                check.otherTags))
                .allSatisfy(plan -> onIndexes(plan, 60));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{record=7}", "{model=hot}", "{record=7,model=hot,record=none,record=9}"})
    void theNewestIsFoundFromTheEndOfTheIndex(String tags) throws SQLException {
        int others = tags.split(",").length - 1;
        String owners = "{" + "0,".repeat(others) + "0}";
        String nulls = "{" + "NULL,".repeat(others) + "NULL}";
        assertThat(plans(ReadSql.READ_NEWEST, owners, tags, nulls, nulls))
                .allSatisfy(plan -> {
                    onIndexes(plan, 60);
                    assertThat(plan).contains("Index Only Scan Backward using event_tag_pkey");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{record=7}", "{model=hot}", "{NULL}"})
    void aPageIsReadInOrderOfPosition(String tags) throws SQLException {
        String types = "{\"{Type0,Type1,Type2}\"}";
        assertThat(
                        plans(
                                ReadSql.READ_MATCHING,
                                tags,
                                types,
                                "{NULL}",
                                EVENTS / 2,
                                Long.MAX_VALUE,
                                10,
                                1 << 23))
                .allSatisfy(plan -> onIndexes(plan, 120));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, EVENTS / 2, EVENTS})
    void everyEventIsReadInOrderOfPosition(long after) throws SQLException {
        assertThat(plans(ReadSql.READ_EVERY_EVENT, after, Long.MAX_VALUE, 10, 1 << 23))
                .allSatisfy(plan -> onIndexes(plan, 60));
    }

    private static void onIndexes(String plan, int mostBuffers) {
        assertThat(plan)
                .contains("_pkey")
                .doesNotContain("Seq Scan on event")
                .doesNotContain("Bitmap")
                .doesNotContain("Hash Join")
                .doesNotContain("Merge Join");
        assertThat(buffers(plan)).as(plan).isLessThan(mostBuffers);
    }

    /// Pages touched by the whole statement.
    private static long buffers(String plan) {
        Matcher shared =
                Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?").matcher(plan);
        assertThat(shared.find()).as(plan).isTrue();
        return Long.parseLong(shared.group(1))
                + (shared.group(2) == null ? 0 : Long.parseLong(shared.group(2)));
    }

    /// The plan for these values, and the one that a prepared statement gets after a few
    /// executions, made without them.
    private static List<String> plans(String sql, Object... values) throws SQLException {
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement()) {
            StringBuilder numbered = new StringBuilder();
            int parameter = 0;
            for (String part : sql.split("\\?", -1)) {
                numbered.append(parameter == 0 ? "" : "$" + parameter).append(part);
                parameter++;
            }
            statement.execute("PREPARE hot AS " + numbered);
            String call =
                    Stream.of(values)
                            .map(value -> "'" + value + "'")
                            .collect(Collectors.joining(", "));
            List<String> plans = new ArrayList<>();
            for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
                statement.execute("SET plan_cache_mode = " + mode);
                StringBuilder plan = new StringBuilder();
                try (ResultSet rows =
                        statement.executeQuery(
                                "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE hot("
                                        + call
                                        + ")")) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
                plans.add(plan.toString());
            }
            return plans;
        }
    }
}
