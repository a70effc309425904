package io.headwater.bench.http;

import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.CpuMeter;
import io.headwater.bench.measure.CpuUse;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Sample;
import io.headwater.contract.ConsistencyToken;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Creates at a fixed rate, whatever the answers take, and with each a query for the same record
/// that carries the command's token and waits: from the command's answer to the query's. Everything
/// is running.
final class Visibility {
    static final Row P50 = row("visible-p50", "p50", 30);
    static final Row P99 = row("visible-p99", "p99", 120);

    private final Platform platform;
    private final ConcurrentLinkedQueue<HttpConnection> commands = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<HttpConnection> queries = new ConcurrentLinkedQueue<>();
    private final AtomicLong created = new AtomicLong();

    Visibility(Platform platform) {
        this.platform = platform;
    }

    private static Row row(String key, String percentile, double millis) {
        return new Row(
                key,
                "command acknowledged → visible to a query on the standby, at a fixed rate, "
                        + percentile,
                "",
                "ms",
                new Bar.ValueAtMost(millis));
    }

    /// What one stretch saw, in nanoseconds.
    ///
    /// @param visible from the command's answer to the query's
    /// @param command from when the command was due to its answer
    /// @param whole from when the command was due to the query's answer
    private record Latencies(Histogram visible, Histogram command, Histogram whole) {
        Latencies() {
            this(
                    new ConcurrentHistogram(3),
                    new ConcurrentHistogram(3),
                    new ConcurrentHistogram(3));
        }
    }

    List<Finding> measure(Plan plan) throws Exception {
        warmUp(plan);
        List<Round> medians = new ArrayList<>();
        List<Round> tails = new ArrayList<>();
        Latencies all = new Latencies();
        for (int i = 0; i < plan.longRounds(); i++) {
            CpuMeter meter = CpuMeter.start();
            Latencies seen = run(plan.openLoop(), plan.rate());
            CpuUse cpu = meter.stop();
            medians.add(new Round(new Sample(millis(seen.visible(), 50), 0, cpu), null));
            tails.add(new Round(new Sample(millis(seen.visible(), 99), 0, cpu), null));
            all.visible().add(seen.visible());
            all.command().add(seen.command());
            all.whole().add(seen.whole());
        }
        closeAll();
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("method", "query with Consistency-At-Least and Prefer: wait, sent on the answer");
        notes.put("commandsPerSecond", plan.rate());
        notes.put("commands", all.visible().getTotalCount());
        notes.put("visible", percentiles(all.visible()));
        notes.put("commandFromWhenDue", percentiles(all.command()));
        notes.put("wholeFromWhenDue", percentiles(all.whole()));
        return List.of(new Finding(P50, medians, notes), new Finding(P99, tails, notes));
    }

    // At the rate that is measured, the services would need many minutes to be compiled.
    private void warmUp(Plan plan) throws Exception {
        ClosedLoop.perSecond(
                CreateRecords.CONNECTIONS, plan.warmUp(), i -> () -> create(nextPath()));
        platform.awaitProjected(Duration.ofMinutes(5));
        ClosedLoop.perSecond(
                CreateRecords.CONNECTIONS,
                plan.warmUp(),
                i -> () -> createAndSee(System.nanoTime(), new Latencies()));
        run(plan.openLoop(), plan.rate());
    }

    private static double millis(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    private static Map<String, Object> percentiles(Histogram nanos) {
        Map<String, Object> millis = new LinkedHashMap<>();
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            millis.put("p" + percentile, Math.round(millis(nanos, percentile) * 10) / 10.0);
        }
        return millis;
    }

    private Latencies run(Duration duration, int rate) throws Exception {
        Latencies seen = new Latencies();
        long every = Duration.ofSeconds(1).toNanos() / rate;
        long count = duration.toNanos() / every;
        List<Future<?>> sent = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime();
            for (long i = 0; i < count; i++) {
                long due = start + i * every;
                for (long wait = due - System.nanoTime();
                        wait > 0;
                        wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                sent.add(
                        clients.submit(() -> {
                            createAndSee(due, seen);
                            return null;
                        }));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        return seen;
    }

    private void createAndSee(long due, Latencies seen) throws IOException {
        String path = nextPath();
        String token = create(path);
        long acknowledged = System.nanoTime();
        HttpConnection query = queries.poll();
        query = query == null ? platform.queries() : query;
        query.get(path, ConsistencyToken.AT_LEAST_HEADER, token, "Prefer", "wait=10")
                .expectSuccess();
        long visible = System.nanoTime();
        queries.add(query);
        seen.visible().recordValue(visible - acknowledged);
        seen.command().recordValue(acknowledged - due);
        seen.whole().recordValue(visible - due);
    }

    /// @return the token
    private String create(String path) throws IOException {
        HttpConnection command = commands.poll();
        command = command == null ? platform.commands() : command;
        String token =
                command.send("PUT", path, Platform.customer("seen"))
                        .expectSuccess()
                        .header(ConsistencyToken.HEADER);
        commands.add(command);
        return token;
    }

    private String nextPath() {
        return "/records/customer/seen-" + created.incrementAndGet();
    }

    private void closeAll() throws IOException {
        for (HttpConnection connection : commands) {
            connection.close();
        }
        for (HttpConnection connection : queries) {
            connection.close();
        }
    }
}
