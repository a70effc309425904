package io.headwater.bench.changes;

import io.headwater.bench.changes.Crowd.Thirst;
import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.CpuMeter;
import io.headwater.bench.measure.CpuUse;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Sample;
import io.headwater.contract.ConsistencyToken;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// 2,000 listeners of one query service with 256 MiB of heap, of whom 20 do not keep up; commands
/// at a steady rate. Each listener must have each position once, in order.
final class ManyListeners {
    static final Row ROW =
            new Row(
                    "listeners",
                    "2,000 listeners of one query service with 256 MiB of heap, event appended → received, p99",
                    "",
                    "ms",
                    new Bar.Reported());

    /// Most heap of each service, MiB.
    static final int HEAP = 256;

    private static final int ALL = 1_980;
    private static final int SLOW = 10;
    private static final int RATE = 10;
    private static final Duration LENGTH = Duration.ofSeconds(45);
    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final String CUSTOMERS = "model=customer";
    private static final String EVERYTHING = "model=customer,bulk";
    private static final String BULK = "{\"fields\": {\"text\": {\"type\": \"text\"}}}";

    private final Platform platform;
    private final Map<String, Double> most = new TreeMap<>();

    ManyListeners(Platform platform) {
        this.platform = platform;
    }

    List<Finding> measure() throws Exception {
        Histogram latencies = new Histogram(3);
        try (Crowd crowd =
                        new Crowd(
                                platform.local().query().url(),
                                platform.token(),
                                nanos -> latencies.recordValue(Math.max(0, nanos)));
                HttpConnection commands = platform.commands()) {
            commands.send("PUT", "/models/bulk", BULK).expectSuccess();
            platform.awaitProjected(PATIENCE);
            crowd.add(ALL, Thirst.ALL, CUSTOMERS);
            crowd.add(SLOW, Thirst.SIPS, EVERYTHING);
            crowd.add(SLOW, Thirst.NONE, EVERYTHING);
            crowd.start();
            await(crowd, crowd::isListening);
            CpuMeter meter = CpuMeter.start();
            Sent sent = send(commands, crowd);
            await(crowd, () -> crowd.complete(sent.customers, sent.customerSum, CUSTOMERS) == ALL);
            CpuUse cpu = meter.stop();
            crowd.wake();
            long all = sent.customers + sent.bulk;
            long sum = sent.customerSum + sent.bulkSum;
            await(crowd, () -> crowd.complete(all, sum, EVERYTHING) == 2 * SLOW);
            return List.of(
                    new Finding(
                            ROW,
                            List.of(
                                    new Round(
                                            new Sample(
                                                    millis(latencies, 99),
                                                    latencies.getTotalCount(),
                                                    cpu),
                                            null)),
                            notes(crowd, sent, latencies)));
        }
    }

    /// What was sent.
    private static final class Sent {
        private long customers;
        private long customerSum;
        private long bulk;
        private long bulkSum;
    }

    /// Small records at the rate; half as many large ones, which only the slow listen to. These are
    /// more than the service keeps for listeners.
    private Sent send(HttpConnection commands, Crowd crowd) throws Exception {
        var sent = new Sent();
        String large = "{\"text\":\"" + "x".repeat(90_000) + "\"}";
        long every = Duration.ofSeconds(1).toNanos() / RATE;
        long start = System.nanoTime();
        for (long i = 0; i < RATE * LENGTH.toSeconds(); i++) {
            for (long wait = start + i * every - System.nanoTime();
                    wait > 0;
                    wait = start + i * every - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            sent.customers++;
            sent.customerSum +=
                    position(commands, "/records/customer/heard-" + i, Platform.customer("heard"));
            if (i % 2 == 0) {
                sent.bulk++;
                sent.bulkSum += position(commands, "/records/bulk/heard-" + i, large);
            }
            if (i % RATE == 0) {
                look();
                crowd.check();
            }
        }
        return sent;
    }

    private static long position(HttpConnection commands, String path, String body)
            throws IOException {
        String token =
                commands.send("PUT", path, body).expectSuccess().header(ConsistencyToken.HEADER);
        return Long.parseLong(token.substring(token.indexOf('.') + 1));
    }

    /// Remembers the greatest of what the service tells of itself.
    private void look() throws IOException {
        try (HttpConnection queries = platform.queries()) {
            String metrics = queries.get("/actuator/prometheus").expectSuccess().body();
            note("heapUsedMiB", 1 << 20, sum(metrics, "jvm_memory_used_bytes{area=\"heap\""));
            note("heapAfterGcMiB", 1 << 20, sum(metrics, "jvm_gc_live_data_size_bytes"));
            note("threads", 1, sum(metrics, "jvm_threads_live_threads"));
            note("listeners", 1, sum(metrics, "headwater_changes_listeners"));
            note("heldKiB", 1 << 10, sum(metrics, "headwater_changes_held_bytes"));
        }
    }

    private void note(String name, double unit, double value) {
        most.merge(name, value / unit, Math::max);
    }

    private static double sum(String metrics, String start) {
        return metrics.lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private Map<String, Object> notes(Crowd crowd, Sent sent, Histogram latencies) {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("eventsPerSecondToAll", RATE);
        notes.put("deliveries", latencies.getTotalCount());
        notes.put("lost", ALL * sent.customers - latencies.getTotalCount());
        Map<String, Object> percentiles = new LinkedHashMap<>();
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            percentiles.put(
                    "p" + percentile, Math.round(millis(latencies, percentile) * 10) / 10.0);
        }
        notes.put("latencyMillis", percentiles);
        most.forEach((name, value) -> notes.put("most." + name, Math.round(value)));
        notes.put("sippingToldBehind", crowd.told(Thirst.SIPS));
        notes.put("sippingClosed", crowd.closed(Thirst.SIPS));
        notes.put("stalledClosed", crowd.closed(Thirst.NONE));
        return notes;
    }

    private static double millis(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e6;
    }

    private static void await(Crowd crowd, java.util.function.BooleanSupplier condition)
            throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            crowd.check();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Not all listeners had everything within " + PATIENCE);
            }
            Thread.sleep(50);
        }
    }
}
