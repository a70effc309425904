package io.headwater.bench.http;

import io.headwater.bench.load.LogFill;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.PostgresFacts;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;

/// What a client sees over HTTP, on a platform as `./run` starts it.
public final class HttpSuite implements Suite {
    // Enough that records are not always the same few, little enough to be projected in seconds.
    private static final int RECORDS = 20_000;

    @Override
    public List<Row> rows() {
        return List.of(
                CreateRecords.ROW,
                LongHistory.ROW,
                GetRecords.ROW,
                Visibility.P50,
                Visibility.P99,
                Imports.ROW);
    }

    @Override
    public void run(Session session) throws Exception {
        session.say("starting the platform");
        try (Platform platform = Platform.start()) {
            Plan plan = session.plan();
            session.fact("postgresql", PostgresFacts.of(platform.local().cluster()));
            List<Row> everythingRuns =
                    List.of(GetRecords.ROW, Visibility.P50, Visibility.P99, Imports.ROW);
            if (session.wantsAny(everythingRuns)) {
                fill(platform);
            }
            session.measure(GetRecords.ROW, () -> new GetRecords(platform).measure(plan));
            session.measure(
                    List.of(Visibility.P50, Visibility.P99),
                    () -> new Visibility(platform).measure(plan));
            session.measure(Imports.ROW, () -> new Imports(platform).measure(plan));
            platform.local().relay().stop();
            platform.local().query().stop();
            session.measure(CreateRecords.ROW, () -> new CreateRecords(platform).measure(plan));
            session.measure(LongHistory.ROW, () -> new LongHistory(platform).measure(plan));
        }
    }

    private static void fill(Platform platform) throws Exception {
        try (Connection connection = platform.local().cluster().superuser()) {
            LogFill.fill(connection, RECORDS, 100, done -> {});
        }
        platform.awaitProjected(Duration.ofMinutes(2));
    }
}
