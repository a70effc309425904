package io.headwater.bench.http;

import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import io.headwater.contract.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One import of NDJSON over HTTP, all rows good: from the first byte sent until the log says that
/// the import has ended. Everything is running.
final class Imports {
    static final Row ROW =
            new Row("import", "import of NDJSON", "", "records/s", new Bar.ValueAtLeast(5_000));

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Platform platform;
    private int imported;

    Imports(Platform platform) {
        this.platform = platform;
    }

    List<Finding> measure(Plan plan) throws Exception {
        int records = plan.imported();
        String warmUp = rows(Math.max(1, records / 5));
        run(warmUp, Math.max(1, records / 5));
        List<Round> rounds = new ArrayList<>();
        List<Double> projected = new ArrayList<>();
        for (int i = 0; i < plan.longRounds(); i++) {
            platform.awaitProjected(PATIENCE);
            String rows = rows(records);
            long begin = System.nanoTime();
            rounds.add(new Round(Turns.sample(slice -> run(rows, records), Duration.ZERO), null));
            platform.awaitProjected(PATIENCE);
            projected.add((double) Math.round(records / ((System.nanoTime() - begin) / 1e9)));
        }
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("records", records);
        notes.put("recordsPerSecondUntilVisibleOnStandby", projected);
        return List.of(new Finding(ROW, rounds, notes));
    }

    private String rows(int records) {
        StringBuilder rows = new StringBuilder(records * 220);
        for (int i = 0; i < records; i++) {
            rows.append(Platform.customer("import" + ++imported)).append('\n');
        }
        return rows.toString();
    }

    private double run(String rows, int records) throws Exception {
        long begin = System.nanoTime();
        try (HttpConnection commands = platform.commands();
                Connection connection = platform.local().cluster().superuser()) {
            String location =
                    commands.send(
                                    "POST",
                                    "/imports/customer",
                                    rows,
                                    "Content-Type",
                                    "application/x-ndjson")
                            .expectSuccess()
                            .header("Location");
            awaitEnd(connection, location.substring(location.lastIndexOf('/') + 1), records);
        }
        return records / ((System.nanoTime() - begin) / 1e9);
    }

    private static void awaitEnd(Connection connection, String id, int records) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String query =
                """
                SELECT e.payload
                  FROM log.event_tag t
                  JOIN log.event e USING (position)
                 WHERE t.tag = ?
                   AND t.type = 'headwater.ImportEnded'
                """;
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, "import=" + id);
            for (String ended = one(statement); ; ended = one(statement)) {
                if (!ended.isEmpty()) {
                    JsonNode json = Json.mapper().readTree(ended);
                    if (json.path("created").asLong() != records) {
                        throw new IllegalStateException(
                                "The import did not take all rows: " + ended);
                    }
                    return;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The import has not ended within " + PATIENCE);
                }
                Thread.sleep(10);
            }
        }
    }

    private static String one(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
