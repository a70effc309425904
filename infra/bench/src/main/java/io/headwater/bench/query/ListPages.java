package io.headwater.bench.query;

import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import io.headwater.contract.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.core.JsonGenerator;

/// A page of 50 by an indexed field, its values at random: as it is, beside JDBC; and as it was,
/// beside as it is.
final class ListPages {
    static final Row LIST =
            new Row(
                    "list",
                    "page of 50 by an indexed field, 1 million records, 8 connections",
                    "the same SQL by JDBC, rows mapped to JSON by hand, 8 connections",
                    "pages/s",
                    new Bar.RatioAtLeast(0.5));
    static final Row AS_OF =
            new Row(
                    "list-as-of",
                    "the same as of a fifth of all changes ago, 5 million revisions",
                    "the page now",
                    "ms/page",
                    new Bar.RatioAtMost(3));

    static final Row EXPAND =
            new Row(
                    "expand",
                    "the page of 50 with two levels expanded",
                    "the page without",
                    "ms/page",
                    new Bar.RatioAtMost(3));

    private static final int CALLERS = 8;
    static final int REVISIONS = 5;
    private static final int PAGE = 50;
    private static final String MODEL =
            """
            {"fields": {"name": {"type": "text"}, "rank": {"type": "integer", "indexed": true},
                        "note": {"type": "text"}, "kind": {"type": "reference", "to": "kind"}}}
            """;
    private static final String KIND =
            """
            {"fields": {"name": {"type": "text"}, "family": {"type": "reference", "to": "family"}}}
            """;
    private static final String FAMILY =
            """
            {"fields": {"name": {"type": "text"}}}
            """;
    private static final String FILL_OTHERS =
            """
            INSERT INTO read.record_family
            SELECT 'family-' || n, 1, 0, 1, now(), now(), now(), 'Family number ' || n FROM generate_series(0, 9) n;
            INSERT INTO read.record_kind
            SELECT 'kind-' || n, 1, 0, 1, now(), now(), now(), 'Kind number ' || n, 'family-' || n % 10
              FROM generate_series(0, 99) n
            """;

    /// Revision k of record n is at position (k - 1) * records + n; every other one has another
    /// rank.
    private static final String FILL =
            """
            INSERT INTO read.%1$s
            SELECT 'item-' || lpad((n * 7919 %% %2$d)::text, 8, '0'), k, (k - 1) * %2$d + n, 1,
                   now(), now(), now(), 'Item number ' || n, (n * 31 + k / 2 * 17) %% %3$d, repeat('note ', 10), 'kind-' || n %% 100%4$s
              FROM generate_series(1, %2$d) n, generate_series(%5$d, %6$d) k
            """;

    /// What the service has just run, as the standby shows it.
    private static final String LAST_STATEMENT =
            """
            SELECT query FROM pg_stat_activity
             WHERE application_name = 'headwater-query' AND query LIKE '%record_item%'
             ORDER BY query_start DESC LIMIT 1
            """;

    private final Platform platform;
    private final Plan plan;
    private final long records;

    ListPages(Platform platform, Plan plan) {
        this.platform = platform;
        this.plan = plan;
        this.records = plan.bigLog() / REVISIONS;
    }

    /// The tables are filled by SQL as the projection leaves them; the log is not.
    void fill() throws Exception {
        try (HttpConnection commands = platform.commands()) {
            commands.send("PUT", "/models/family", FAMILY).expectSuccess();
            commands.send("PUT", "/models/kind", KIND).expectSuccess();
            commands.send("PUT", "/models/item", MODEL).expectSuccess();
        }
        platform.awaitProjected(Duration.ofMinutes(2));
        platform.local().relay().stop();
        try (Connection connection = platform.local().cluster().superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(FILL_OTHERS);
            statement.execute(
                    FILL.formatted("record_item", records, ranks(), "", REVISIONS, REVISIONS));
            statement.execute(
                    FILL.formatted(
                            "history_item",
                            records,
                            ranks(),
                            ", k * %d + n, false".formatted(records),
                            1,
                            REVISIONS - 1));
            statement.execute("UPDATE read.checkpoint SET position = " + REVISIONS * records);
            statement.execute("VACUUM ANALYZE read.record_family");
            statement.execute("VACUUM ANALYZE read.record_kind");
            statement.execute("VACUUM ANALYZE read.record_item");
            statement.execute("VACUUM ANALYZE read.history_item");
        }
        platform.local().cluster().standby().awaitCaughtUp(Duration.ofMinutes(5));
    }

    List<Finding> list() throws Exception {
        String sql = statementOfPage();
        return List.of(
                new Finding(
                        LIST,
                        Turns.take(
                                plan,
                                slice -> ClosedLoop.perSecond(CALLERS, slice, i -> new Getter("")),
                                slice ->
                                        ClosedLoop.perSecond(
                                                CALLERS, slice, i -> new Selector(sql))),
                        Map.of("records", records)));
    }

    List<Finding> asOf() throws Exception {
        String token;
        try (HttpConnection queries = platform.queries()) {
            token =
                    queries.get("/records/item?page%5Bsize%5D=1")
                            .expectSuccess()
                            .header("Consistency-Token");
        }
        String then = token.substring(0, token.indexOf('.') + 1) + records * (REVISIONS - 1);
        return List.of(
                new Finding(
                        AS_OF,
                        Turns.take(
                                plan,
                                slice -> millis(slice, "&asOf=" + then),
                                slice -> millis(slice, "")),
                        Map.of("records", records, "revisions", records * REVISIONS)));
    }

    List<Finding> expand() throws Exception {
        return List.of(
                new Finding(
                        EXPAND,
                        Turns.take(
                                plan,
                                slice -> millis(slice, "&expand=kind.family"),
                                slice -> millis(slice, "")),
                        Map.of("records", records)));
    }

    private double millis(Duration slice, String more) throws Exception {
        return CALLERS * 1_000 / ClosedLoop.perSecond(CALLERS, slice, i -> new Getter(more));
    }

    private long ranks() {
        return records / PAGE;
    }

    private long anyRank() {
        return ThreadLocalRandom.current().nextLong(ranks());
    }

    private final class Getter implements ClosedLoop.Caller {
        private final HttpConnection connection = platform.queries();
        private final String more;

        Getter(String more) {
            this.more = more;
        }

        @Override
        public void call() throws IOException {
            connection
                    .get("/records/item?filter%5Brank%5D%5Beq%5D=" + anyRank() + more)
                    .expectSuccess();
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /// The SQL by which the service reads a page, with `?` for the model's name, the rank, and the
    /// number of rows.
    private String statementOfPage() throws Exception {
        try (Getter page = new Getter("");
                Connection connection = platform.local().cluster().standby().superuser();
                Statement statement = connection.createStatement()) {
            page.call();
            try (ResultSet row = statement.executeQuery(LAST_STATEMENT)) {
                if (!row.next()) {
                    throw new IllegalStateException("The standby has not seen the page's SQL");
                }
                String sql = row.getString(1).replaceAll("\\$[0-9]+", "?");
                if (sql.chars().filter(c -> c == '?').count() != 3) {
                    throw new IllegalStateException("Other binds than a page has: " + sql);
                }
                return sql;
            }
        }
    }

    private final class Selector implements ClosedLoop.Caller {
        private final Connection connection;
        private final PreparedStatement select;

        Selector(String sql) throws SQLException {
            connection = platform.standby();
            select = connection.prepareStatement(sql);
            select.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
        }

        @Override
        public void call() throws SQLException {
            select.setString(1, "item");
            select.setString(2, Long.toString(anyRank()));
            select.setLong(3, PAGE + 1L);
            var body = new ByteArrayOutputStream(16 * 1024);
            try (ResultSet row = select.executeQuery();
                    JsonGenerator json = Json.mapper().createGenerator(body)) {
                json.writeStartArray();
                while (row.next()) {
                    json.writeStartObject();
                    json.writeStringProperty("id", row.getString(4));
                    json.writeNumberProperty("revision", row.getLong(5));
                    json.writeNumberProperty("position", row.getLong(6));
                    json.writeStringProperty("createdAt", row.getString(7));
                    json.writeStringProperty("updatedAt", row.getString(8));
                    json.writeStringProperty("name", row.getString(9));
                    json.writeNumberProperty("rank", row.getLong(10));
                    json.writeStringProperty("note", row.getString(11));
                    json.writeStringProperty("kind", row.getString(12));
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
