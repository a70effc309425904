package io.headwater.bench.http;

import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.LogChanges;
import io.headwater.bench.load.LogFill;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/// Changes over HTTP, one after the other: of one record with a long history, beside those of many
/// records with ten changes each. Relay and query service are stopped.
final class LongHistory {
    static final Row ROW =
            new Row(
                    "long-history",
                    "change of a record with 10,000 changes, over HTTP, p50",
                    "change of a record with 10 changes, over HTTP, p50",
                    "ms",
                    new Bar.RatioAtMost(1.3));

    private static final int SHORT_RECORDS = 1_500;
    private static final int SHORT_HISTORY = 10;
    private static final String LONG = "long";

    private final Platform platform;
    private final AtomicLong sent = new AtomicLong();

    LongHistory(Platform platform) {
        this.platform = platform;
    }

    List<Finding> measure(Plan plan) throws Exception {
        int changes = plan.longHistory();
        prepare(changes);
        AtomicLong turn = new AtomicLong();
        List<Round> rounds =
                Turns.take(
                        plan,
                        slice -> medianMillis(slice, () -> LONG),
                        slice ->
                                medianMillis(
                                        slice,
                                        () -> shortRecord(turn.getAndIncrement() % SHORT_RECORDS)));
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("changesBefore", changes);
        notes.put("shortRecords", SHORT_RECORDS);
        notes.put("changesOfEachShortRecordAtEnd", SHORT_HISTORY + turn.get() / SHORT_RECORDS);
        return List.of(new Finding(ROW, rounds, notes));
    }

    private void prepare(int changes) throws Exception {
        try (HttpConnection commands = platform.commands();
                Connection connection = platform.local().cluster().superuser()) {
            create(commands, LONG);
            LogChanges.add(connection, LONG, changes);
            for (int i = 0; i < SHORT_RECORDS; i++) {
                create(commands, shortRecord(i));
                LogChanges.add(connection, shortRecord(i), SHORT_HISTORY);
            }
            LogFill.settle(connection);
        }
    }

    private static void create(HttpConnection commands, String id) throws IOException {
        commands.send("PUT", "/records/customer/" + id, Platform.customer("ada")).expectSuccess();
    }

    private static String shortRecord(long number) {
        return "short-" + number;
    }

    private double medianMillis(Duration slice, Supplier<String> id) throws IOException {
        Histogram nanos = new Histogram(3);
        try (HttpConnection commands = platform.commands()) {
            long end = System.nanoTime() + slice.toNanos();
            while (System.nanoTime() < end) {
                String path = "/records/customer/" + id.get();
                String body = "{\"note\":\"change " + sent.incrementAndGet() + "\"}";
                long begin = System.nanoTime();
                commands.send("PATCH", path, body, "Content-Type", "application/merge-patch+json")
                        .expectSuccess();
                nanos.recordValue(System.nanoTime() - begin);
            }
        }
        return nanos.getValueAtPercentile(50) / 1e6;
    }
}
