package io.headwater.relay;

import io.headwater.local.LocalCluster;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// How fast a backlog goes to Kafka, beside a raw reader of the same WAL, and what it costs: on a
/// busy machine only the CPU time of each process can be compared. Run by hand: `Backlog [events]
/// [rounds] [table|slot] [more JVM flags of the relay]`.
final class Backlog {
    private Backlog() {}

    public static void main(String[] args) throws Exception {
        int events = args.length > 0 ? Integer.parseInt(args[0]) : 300_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        boolean slot = args.length > 2 && args[2].equals("slot");
        var settings =
                slot
                        ? Map.of("HEADWATER_RELAY_FAR_BEHIND", "1000000000")
                        : Map.<String, String>of();
        var flags =
                Stream.concat(Stream.of("-Xmx256m", "-Dbacklog=1"), Stream.of(args).skip(3))
                        .toArray(String[]::new);
        try (var cluster = LocalCluster.builder().withKafka().start()) {
            var log = new TestLog(cluster);
            log.migrate();
            log.execute("SELECT pg_create_logical_replication_slot('raw', 'pgoutput')");
            RelayProcess.start(cluster, settings, flags).awaitLeading().stop();
            for (int round = 1; round <= rounds; round++) {
                for (int part = 0; part < events; part += 1_000) {
                    log.fill(1_000, 150);
                }
                double raw;
                try (var reader = new RawReader(cluster, "raw", "headwater_relay")) {
                    var before = cpu();
                    long own = ownCpu();
                    raw = events / (reader.read(events) / 1e9);
                    System.out.printf(
                            "raw:   %,8.0f/s, CPU of 1,000 events: reader %.1f ms, %s%n",
                            raw, (ownCpu() - own) / 1e3 / events, spent(before, events));
                }
                log.execute("SELECT pg_replication_slot_advance('raw', pg_current_wal_lsn())");
                double relayed = relay(cluster, log.head(), events, settings, flags);
                System.out.printf("round %d: ratio %.2f%n", round, relayed / raw);
            }
        }
        System.exit(0);
    }

    private static double relay(
            LocalCluster cluster,
            long head,
            int events,
            Map<String, String> settings,
            String[] flags) {
        long began = head - events;
        try (var relay = RelayProcess.start(cluster, settings, flags)) {
            var first = new long[2];
            var before = new TreeMap<String, Duration>();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        long position = relay.numbers().path("position").asLong(0);
                        if (position > began && first[0] == 0) {
                            first[0] = System.nanoTime();
                            first[1] = position;
                            before.putAll(cpu());
                        }
                        return position >= head;
                    });
            double rate = (head - first[1]) / ((System.nanoTime() - first[0]) / 1e9);
            System.out.printf(
                    "relay: %,8.0f/s, CPU of 1,000 events: %s%n",
                    rate, spent(before, head - first[1]));
            relay.stop();
            return rate;
        }
    }

    private static long ownCpu() {
        return java.lang.management.ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Map<String, Duration> cpu() {
        Map<String, Duration> cpu = new TreeMap<>();
        ProcessHandle.current()
                .descendants()
                .forEach(process -> {
                    var command = process.info().commandLine().orElse("");
                    var name =
                            command.contains("RelayApplication")
                                    ? "relay"
                                    : command.contains("kafka.Kafka") ? "broker" : "server";
                    cpu.merge(
                            name,
                            process.info().totalCpuDuration().orElse(Duration.ZERO),
                            Duration::plus);
                });
        return cpu;
    }

    private static String spent(Map<String, Duration> before, long events) {
        var spent = new StringBuilder();
        cpu().forEach((name, now) ->
                spent.append(
                        "%s %.1f ms  "
                                .formatted(
                                        name,
                                        now.minus(before.getOrDefault(name, Duration.ZERO))
                                                        .toNanos()
                                                / 1e6
                                                / (events / 1e3))));
        return spent.toString();
    }
}
