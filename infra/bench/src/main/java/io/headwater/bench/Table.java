package io.headwater.bench;

import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The findings for people, as a table that is Markdown as well.
final class Table {
    private static final List<String> HEADER =
            List.of(
                    "what",
                    "yardstick",
                    "measured",
                    "yardstick measured",
                    "ratio (median, min–max)",
                    "bar",
                    "met");

    private Table() {}

    static String of(List<Finding> findings, Map<String, String> failures) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEADER);
        findings.forEach(finding -> lines.add(line(finding)));
        failures.forEach(
                (key, reason) -> lines.add(List.of(key, "", "failed", "", "", "", "not measured")));
        int[] widths =
                IntStream.range(0, HEADER.size())
                        .map(i ->
                                lines.stream()
                                        .mapToInt(line -> line.get(i).length())
                                        .max()
                                        .orElse(0))
                        .toArray();
        String rule =
                IntStream.of(widths)
                        .mapToObj("-"::repeat)
                        .collect(Collectors.joining(" | ", "| ", " |"));
        List<String> out =
                new ArrayList<>(lines.stream().map(line -> padded(line, widths)).toList());
        out.add(1, rule);
        return String.join("\n", out) + "\n";
    }

    private static String padded(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(i -> cells.get(i) + " ".repeat(widths[i] - cells.get(i).length()))
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static List<String> line(Finding finding) {
        String unit = finding.row().unit();
        boolean beside = finding.hasYardstick();
        Spread measured = Spread.ofMeasured(finding.rounds());
        return List.of(
                finding.row().what(),
                beside ? finding.row().yardstick() : "–",
                value(measured.median(), unit) + (beside ? "" : range(measured)),
                beside ? value(Spread.ofYardstick(finding.rounds()).median(), unit) : "–",
                beside ? ratio(Spread.ofRatios(finding.rounds())) : "–",
                finding.row().bar().text() + (beside ? "" : " " + unit),
                finding.met() ? "yes" : "NO");
    }

    private static String range(Spread spread) {
        return " (" + number(spread.min()) + "–" + number(spread.max()) + ")";
    }

    private static String value(double value, String unit) {
        return number(value) + " " + unit;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.2f", value);
    }

    private static String ratio(Spread ratios) {
        return String.format(
                Locale.ROOT, "%.2f (%.2f–%.2f)", ratios.median(), ratios.min(), ratios.max());
    }
}
