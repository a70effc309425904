package io.headwater.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the figures were measured on.
final class Machine {
    private static final long KIB_PER_GIB = 1024L * 1024;

    private Machine() {}

    static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("commit", System.getProperty("headwater.commit", "unknown"));
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("processor", first(Path.of("/proc/cpuinfo"), "model name\\s*:\\s*(.+)"));
        facts.put("memoryGiB", memory());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("jdk", System.getProperty("java.vendor") + " " + Runtime.version());
        facts.put("loadBefore", first(Path.of("/proc/loadavg"), "^(\\S+ \\S+ \\S+)"));
        return facts;
    }

    private static Object memory() {
        String total = first(Path.of("/proc/meminfo"), "MemTotal:\\s*(\\d+) kB");
        return total.equals("unknown")
                ? total
                : Math.round(Double.parseDouble(total) / KIB_PER_GIB);
    }

    private static String first(Path file, String pattern) {
        try {
            Matcher found =
                    Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(file));
            return found.find() ? found.group(1) : "unknown";
        } catch (IOException unreadable) {
            return "unknown";
        }
    }
}
