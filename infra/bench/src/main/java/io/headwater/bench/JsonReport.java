package io.headwater.bench;

import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Sample;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The findings for programs: every round with its CPU seconds, and what they were measured on.
final class JsonReport {
    private JsonReport() {}

    static void write(Path file, Map<String, Object> machine, Session session) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("machine", machine);
        report.putAll(session.facts());
        report.put("plan", plan(session.plan()));
        report.put("rows", session.findings().stream().map(JsonReport::row).toList());
        report.put("failures", session.failures());
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, mapper.writeValueAsString(report) + "\n");
    }

    private static Map<String, Object> plan(Plan plan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", plan.name());
        json.put("rounds", plan.rounds());
        json.put("sliceSeconds", plan.slice().toSeconds());
        json.put("warmUpSeconds", plan.warmUp().toSeconds());
        return json;
    }

    private static Map<String, Object> row(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", finding.row().key());
        json.put("what", finding.row().what());
        json.put("yardstick", finding.row().yardstick());
        json.put("unit", finding.row().unit());
        json.put("measured", spread(Spread.ofMeasured(finding.rounds())));
        if (finding.hasYardstick()) {
            json.put("yardstickMeasured", spread(Spread.ofYardstick(finding.rounds())));
            json.put("ratio", spread(Spread.ofRatios(finding.rounds())));
        }
        json.put("bar", finding.row().bar().text());
        json.put("met", finding.met());
        json.put("notes", finding.notes());
        json.put("rounds", rounds(finding.rounds()));
        return json;
    }

    private static Map<String, Object> spread(Spread spread) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("median", rounded(spread.median()));
        json.put("min", rounded(spread.min()));
        json.put("max", rounded(spread.max()));
        return json;
    }

    private static List<Map<String, Object>> rounds(List<Round> rounds) {
        return rounds.stream()
                .map(round -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("measured", sample(round.measured()));
                    Sample yardstick = round.yardstick();
                    if (yardstick != null) {
                        json.put("yardstick", sample(yardstick));
                    }
                    return json;
                })
                .toList();
    }

    private static Map<String, Object> sample(Sample sample) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("value", rounded(sample.value()));
        json.put("wallSeconds", rounded(sample.cpu().wallSeconds()));
        Map<String, Object> cpu = new LinkedHashMap<>();
        sample.cpu().cpuSeconds().forEach((name, seconds) -> cpu.put(name, rounded(seconds)));
        json.put("cpuSeconds", cpu);
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
