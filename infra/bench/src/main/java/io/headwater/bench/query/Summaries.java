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
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// A summary of all records by groups, beside the same SQL by JDBC.
final class Summaries {
    static final Row ROW =
            new Row(
                    "summary",
                    "count, sum and average of all records by a reference, 2 connections",
                    "the same SQL by JDBC, mapped to JSON by hand, 2 connections",
                    "summaries/s",
                    new Bar.RatioAtLeast(0.9));

    private static final int CALLERS = 2;
    private static final String PATH =
            "/records/item/summary?group=kind&measures=count,sum:rank,avg:rank&sort=kind";
    private static final String SELECT =
            """
            SELECT kind, count(*), sum(rank), round(avg(rank), 4)
              FROM read.record_item
             GROUP BY kind
             ORDER BY kind
             LIMIT 50
            """;

    private final Platform platform;
    private final Plan plan;

    Summaries(Platform platform, Plan plan) {
        this.platform = platform;
        this.plan = plan;
    }

    List<Finding> measure() throws Exception {
        return List.of(
                new Finding(
                        ROW,
                        Turns.take(
                                plan,
                                slice -> ClosedLoop.perSecond(CALLERS, slice, i -> new Getter()),
                                slice -> ClosedLoop.perSecond(CALLERS, slice, i -> new Selector())),
                        Map.of("records", plan.bigLog() / ListPages.REVISIONS)));
    }

    private final class Getter implements ClosedLoop.Caller {
        private final HttpConnection connection = platform.queries();

        @Override
        public void call() throws IOException {
            connection.get(PATH).expectSuccess();
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    private final class Selector implements ClosedLoop.Caller {
        private final Connection connection;
        private final PreparedStatement select;

        Selector() throws SQLException {
            connection = platform.standby();
            select = connection.prepareStatement(SELECT);
        }

        @Override
        public void call() throws SQLException {
            var body = new ByteArrayOutputStream(16 * 1024);
            try (ResultSet row = select.executeQuery();
                    JsonGenerator json = Json.mapper().createGenerator(body)) {
                json.writeStartArray();
                while (row.next()) {
                    json.writeStartObject();
                    json.writeStringProperty("kind", row.getString(1));
                    json.writeNumberProperty("count", row.getLong(2));
                    json.writeStringProperty("sum", row.getString(3));
                    json.writeStringProperty("avg", row.getString(4));
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
