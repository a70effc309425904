package io.headwater.ops.drill;

import io.headwater.contract.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What came of a drill: a table for people, JSON for programs, a plot.
public final class Report {
    private final String name;
    private final String about;
    private final Instant at;
    private final List<Bar> bars;
    private final Audit.Finding audit;
    private final Outages outages;
    private final List<String> failures;

    Report(
            String name,
            String about,
            Instant at,
            List<Bar> bars,
            Audit.Finding audit,
            Outages outages,
            List<String> failures) {
        this.name = name;
        this.about = about;
        this.at = at.truncatedTo(ChronoUnit.SECONDS);
        this.bars = bars;
        this.audit = audit;
        this.outages = outages;
        this.failures = failures;
    }

    public boolean met() {
        return bars.stream().allMatch(Bar::met);
    }

    public String text() {
        var text = new StringBuilder();
        text.append("%s: %s%n%n".formatted(name, about));
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
        json.put("drill", name).put("about", about).put("at", at.toString()).put("met", met());
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
        Path mine = folder.resolve(at.toString().replace(":", "") + "-" + name);
        try {
            Files.createDirectories(mine);
            Files.writeString(mine.resolve("report.txt"), text());
            Files.writeString(mine.resolve("report.json"), json().toPrettyString() + "\n");
            Files.writeString(
                    mine.resolve("plot.svg"),
                    new Plot(outages.samples(), outages.marks()).draw(name + ": " + about));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mine;
    }
}
