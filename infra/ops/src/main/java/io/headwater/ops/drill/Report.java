package io.headwater.ops.drill;

import io.headwater.contract.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What came of a drill: a table for people, JSON for programs, a plot.
public final class Report {
    private final Drill drill;
    private final Instant at;
    private final List<Bar> bars;
    private final Audit.Finding audit;
    private final Outages outages;
    private final List<String> failures;

    Report(
            Drill drill,
            Instant at,
            List<Bar> bars,
            Audit.Finding audit,
            Outages outages,
            List<String> failures) {
        this.drill = drill;
        this.at = at.truncatedTo(ChronoUnit.SECONDS);
        this.bars = bars;
        this.audit = audit;
        this.outages = outages;
        this.failures = failures;
    }

    public boolean met() {
        return bars.stream().allMatch(Bar::met);
    }

    /// Whether all is met that has to be met on any machine, however slow.
    public boolean lawful() {
        return bars.stream().filter(Bar::law).allMatch(Bar::met);
    }

    /// A line for each: what was acknowledged, and what became of it.
    public static String table(List<Report> reports) {
        var text = new StringBuilder();
        text.append(
                "%-16s %6s %7s %6s %5s %8s %7s %7s %8s %7s  %-14s %s%n"
                        .formatted(
                                "drill",
                                "faults",
                                "acknowl",
                                "failed",
                                "lost",
                                "repeated",
                                "phantom",
                                "missing",
                                "disorder",
                                "misread",
                                "write outage",
                                "not met"));
        for (var report : reports) {
            var found = report.audit;
            var after = report.outages.afterFaults(true);
            text.append(
                    "%-16s %6d %7d %6d %5d %8d %7d %7d %8d %7d  %-14s %s%n"
                            .formatted(
                                    report.drill.name(),
                                    after.size(),
                                    found.acknowledged(),
                                    report.failures.size(),
                                    found.lost(),
                                    found.repeated(),
                                    found.phantom(),
                                    found.missing(),
                                    found.outOfOrder(),
                                    found.misread(),
                                    "%.1f, %.1f s"
                                            .formatted(Outages.median(after), Outages.worst(after)),
                                    report.missed()));
        }
        return text.append("write outage: median, worst").toString();
    }

    private String missed() {
        return bars.stream()
                .filter(bar -> !bar.met())
                .map(bar -> (bar.law() ? "LAW " : "") + bar.what() + ": " + bar.found())
                .collect(Collectors.joining("; "));
    }

    public String text() {
        var text = new StringBuilder();
        text.append("%s: %s%n%n".formatted(drill.name(), drill.about()));
        text.append(
                "%-42s %d%n%-42s %d%n%-42s %.1f s%n%-42s %.1f s%n%-42s %s s%n%-42s %.0f, %.0f ms%n%-42s %.0f, %.0f ms%n%n"
                        .formatted(
                                "acknowledged writes",
                                audit.acknowledged(),
                                "failed commands, settled by the same key",
                                failures.size(),
                                "longest write outage",
                                outages.longest(true),
                                "longest read outage",
                                outages.longest(false),
                                "write outage after each fault",
                                rounded(outages.afterFaults(true)),
                                "writes, p50 and p99",
                                outages.latency(true, 0.5),
                                outages.latency(true, 0.99),
                                "reads, p50 and p99",
                                outages.latency(false, 0.5),
                                outages.latency(false, 0.99)));
        for (var bar : bars) {
            text.append(
                    "%-6s %-42s %-28s %s%n"
                            .formatted(
                                    bar.met() ? "met" : "MISSED",
                                    bar.what(),
                                    bar.aim(),
                                    bar.found()));
        }
        audit.examples()
                .forEach(example ->
                        text.append("  ").append(example).append(System.lineSeparator()));
        failures.stream()
                .limit(10)
                .forEach(failure ->
                        text.append("  failed at ").append(failure).append(System.lineSeparator()));
        return text.toString();
    }

    private static String rounded(List<Double> values) {
        return String.join(" ", values.stream().map("%.1f"::formatted).toList());
    }

    public ObjectNode json() {
        var json = Json.mapper().createObjectNode();
        json.put("drill", drill.name())
                .put("about", drill.about())
                .put("at", at.toString())
                .put("met", met());
        json.put("writeOutageSeconds", outages.longest(true));
        json.put("readOutageSeconds", outages.longest(false));
        json.set(
                "writeOutageSecondsAfterEachFault",
                Json.mapper().valueToTree(outages.afterFaults(true)));
        json.put("writeMillisecondsP50", outages.latency(true, 0.5));
        json.put("writeMillisecondsP99", outages.latency(true, 0.99));
        json.put("readMillisecondsP50", outages.latency(false, 0.5));
        json.put("readMillisecondsP99", outages.latency(false, 0.99));
        json.set("audit", Json.mapper().valueToTree(audit));
        json.set("bars", Json.mapper().valueToTree(bars));
        json.set("marks", Json.mapper().valueToTree(outages.marks()));
        json.set("failed", Json.mapper().valueToTree(failures));
        return json;
    }

    /// @return the folder with `report.txt`, `report.json` and `plot.svg`
    public Path write(Path folder) {
        Path mine = folder.resolve(at.toString().replace(":", "") + "-" + drill.name());
        try {
            Files.createDirectories(mine);
            Files.writeString(mine.resolve("report.txt"), text());
            Files.writeString(mine.resolve("report.json"), json().toPrettyString() + "\n");
            Files.writeString(
                    mine.resolve("plot.svg"),
                    new Plot(outages.samples(), outages.marks())
                            .draw(drill.name() + ": " + drill.about()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mine;
    }
}
