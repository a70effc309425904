package io.headwater.bench.pipeline;

import io.headwater.bench.load.Platform;
import io.headwater.bench.load.Progression;
import io.headwater.bench.load.RawUpserts;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Sample;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Spread;
import io.headwater.bench.measure.Turns;
import io.headwater.local.LocalService;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The projection, as a fresh process, fills empty tables from `headwater.log`; beside it the same
/// rows are upserted raw. Over the first half it warms up, over the second its clock runs.
final class CatchingUp {
    static final Row ROW =
            new Row(
                    "projection",
                    "projection catching up from headwater.log",
                    "raw batched upserts of the same rows",
                    "rows/s",
                    new Bar.RatioAtLeast(0.5));

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Platform platform;
    private final Session session;
    private final List<Double> warmUps = new ArrayList<>();

    CatchingUp(Platform platform, Session session) {
        this.platform = platform;
        this.session = session;
    }

    List<Finding> measure() throws Exception {
        long rows = session.plan().backlog();
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < session.plan().longRounds(); i++) {
            // The raw side needs the rows that the projection wrote, so it comes second always.
            Sample projected = project(rows);
            platform.local().query().kill();
            rounds.add(new Round(projected, Turns.sample(slice -> raw(2 * rows - 1), Duration.ZERO)));
        }
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("rows", rows);
        notes.put(
                "startAndWarmUpSeconds",
                Spread.of(warmUps.stream().mapToDouble(Double::doubleValue).toArray()).median());
        return List.of(new Finding(ROW, rounds, notes));
    }

    private Sample project(long rows) throws Exception {
        LocalService query = platform.local().query();
        query.kill();
        try (Connection connection = platform.local().cluster().superuser();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS read CASCADE");
            statement.execute("CHECKPOINT");
            Progression seen =
                    Progression.watch(
                            query::start,
                            () -> Progression.Seen.now(Platform.projected(connection)),
                            rows,
                            2 * rows,
                            PATIENCE);
            warmUps.add(seen.secondsBefore());
            return seen.sample();
        }
    }

    private double raw(long rows) throws Exception {
        try (Connection source = platform.local().cluster().superuser();
                Connection target = platform.local().cluster().superuser();
                Statement statement = target.createStatement()) {
            statement.execute("CHECKPOINT");
            return new RawUpserts(source, target, "read.record_customer").perSecond(rows);
        }
    }
}
