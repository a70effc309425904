package io.headwater.bench;

import io.headwater.bench.measure.CpuUse;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Where CPU time went, row by row: cores kept busy by each process, and CPU time for each call.
/// The latter hardly minds what else runs on the machine.
final class CpuTable {
    private static final String OTHERS = "others";

    private CpuTable() {}

    static String of(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            List<Sample> measured = finding.rounds().stream().map(Round::measured).toList();
            lines.add("  " + finding.row().key());
            lines.add("    measured:  " + side(measured, finding.row().unit()));
            if (finding.hasYardstick()) {
                List<Sample> yardstick = new ArrayList<>();
                for (Round round : finding.rounds()) {
                    Sample sample = round.yardstick();
                    if (sample != null) {
                        yardstick.add(sample);
                    }
                }
                lines.add("    yardstick: " + side(yardstick, finding.row().unit()));
            }
            finding.notes().forEach((name, value) -> lines.add("    " + name + ": " + value));
        }
        return lines.isEmpty()
                ? ""
                : "Cores busy by process, CPU time for each call, and notes\n"
                        + String.join("\n", lines)
                        + "\n";
    }

    private static String side(List<Sample> samples, String unit) {
        double wall = 0;
        double calls = 0;
        Map<String, Double> seconds = new TreeMap<>();
        for (Sample sample : samples) {
            CpuUse cpu = sample.cpu();
            wall += cpu.wallSeconds();
            calls += sample.calls();
            cpu.cpuSeconds().forEach((name, used) -> seconds.merge(name, used, Double::sum));
        }
        double all = wall;
        String cores =
                seconds.entrySet().stream()
                        .map(e ->
                                String.format(
                                        Locale.ROOT, "%s %.2f", e.getKey(), e.getValue() / all))
                        .collect(Collectors.joining(", "));
        if (!unit.endsWith("/s") || calls == 0) {
            return cores;
        }
        double ours =
                seconds.entrySet().stream()
                        .filter(e -> !e.getKey().equals(OTHERS))
                        .mapToDouble(Map.Entry::getValue)
                        .sum();
        return cores + String.format(Locale.ROOT, "; %,.0f µs each", ours / calls * 1e6);
    }
}
