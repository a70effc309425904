package io.headwater.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Adds up the CPU time of this process and of all that it started, as Linux counts it. Elsewhere
/// it counts nothing.
public final class CpuMeter {
    private static final Path PROC = Path.of("/proc");
    // What every Linux reports to programs, whatever its own clock: USER_HZ.
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern POSTGRES = Pattern.compile("postgres\\s+-D\\s+\\S*/([^/\\s]+)");
    private static final Pattern SERVICE =
            Pattern.compile("/(command-service|cdc-relay|query-service)-\\S*\\.jar");

    private static final int LOOKS = 50;
    private static final long BETWEEN_LOOKS_MILLIS = 20;

    private final Map<String, Double> atBegin = read();
    private final long begin = System.nanoTime();

    private CpuMeter() {}

    public static CpuMeter start() {
        return new CpuMeter();
    }

    /// What was used since the start.
    public CpuUse stop() {
        double wallSeconds = (System.nanoTime() - begin) / 1e9;
        Map<String, Double> used = new TreeMap<>();
        read().forEach((name, seconds) ->
                used.put(name, seconds - atBegin.getOrDefault(name, 0.0)));
        Double machine = used.remove("machine");
        if (machine != null) {
            double ours = used.values().stream().mapToDouble(Double::doubleValue).sum();
            used.put("others", Math.max(0, machine - ours));
        }
        used.values().removeIf(seconds -> seconds < 0.005);
        return new CpuUse(wallSeconds, used);
    }

    // While processes come and go, as the backends of connections that were just closed, their time
    // is counted twice or
    // not at all.
    private static Map<String, Double> read() {
        for (int look = 1; ; look++) {
            Set<Long> before = pids();
            Map<String, Double> seconds = readOnce();
            if (before.equals(pids()) || look == LOOKS) {
                return seconds;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(BETWEEN_LOOKS_MILLIS));
        }
    }

    private static Set<Long> pids() {
        return ProcessHandle.current()
                .descendants()
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static Map<String, Double> readOnce() {
        Map<String, Double> seconds = new TreeMap<>();
        if (!Files.isReadable(PROC.resolve("self/stat"))) {
            return seconds;
        }
        ProcessHandle self = ProcessHandle.current();
        seconds.put("bench", own(self.pid()));
        self.children()
                .forEach(child -> seconds.merge(name(child.pid()), tree(child), Double::sum));
        machine().ifPresent(busy -> seconds.put("machine", busy));
        return seconds;
    }

    // A process that ends hands its time over to its parent, so the sum over a tree never shrinks.
    private static double tree(ProcessHandle root) {
        return withReaped(root.pid())
                + root.descendants().mapToDouble(child -> withReaped(child.pid())).sum();
    }

    private static double own(long pid) {
        return ticks(pid, 2);
    }

    private static double withReaped(long pid) {
        return ticks(pid, 4);
    }

    /// @param columns how many of utime, stime, cutime, cstime to add
    private static double ticks(long pid, int columns) {
        try {
            String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            // The second column is the command in brackets, and may hold blanks.
            List<String> rest = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return rest.subList(11, 11 + columns).stream().mapToLong(Long::parseLong).sum()
                    / TICKS_PER_SECOND;
        } catch (IOException gone) {
            return 0;
        }
    }

    private static String name(long pid) {
        try {
            String command =
                    Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"))
                            .replace('\0', ' ');
            Matcher postgres = POSTGRES.matcher(command);
            if (postgres.find()) {
                return postgres.group(1).equals("standby") ? "standby" : "postgres";
            }
            Matcher service = SERVICE.matcher(command);
            if (service.find()) {
                return service.group(1);
            }
            return command.contains("kafka.Kafka") ? "kafka" : "children";
        } catch (IOException gone) {
            return "children";
        }
    }

    private static Optional<Double> machine() {
        try {
            String[] columns =
                    Files.readAllLines(PROC.resolve("stat")).getFirst().split("\\s+", -1);
            long busy = 0;
            for (int i : new int[] {1, 2, 3, 6, 7}) {
                busy += Long.parseLong(columns[i]);
            }
            return Optional.of(busy / TICKS_PER_SECOND);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
