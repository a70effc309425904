package io.headwater.ops.drill;

import io.headwater.ops.drill.Load.Sample;
import io.headwater.ops.drill.Outages.Mark;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Latency and throughput over time as SVG, with what was done to the stack marked.
final class Plot {
    private static final int WIDTH = 1100;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 64;
    private static final int PANEL = 220;
    private static final int GAP = 46;
    private static final double LEAST_MS = 1;
    private static final double MOST_MS = 100_000;
    private static final double BUCKET = 0.5;

    private final List<Sample> samples;
    private final List<Mark> marks;
    private final double end;
    private final StringBuilder svg = new StringBuilder();

    Plot(List<Sample> samples, List<Mark> marks) {
        this.samples = samples;
        this.marks = marks;
        end = Math.max(10, samples.stream().mapToDouble(Sample::at).max().orElse(10));
    }

    String draw(String title) {
        int height = TOP + 2 * PANEL + GAP + 50;
        add(
                """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                <text x="%d" y="22" font-size="16">%s</text>
                """,
                WIDTH, height, WIDTH, height, LEFT, escape(title));
        legend();
        latency(TOP);
        throughput(TOP + PANEL + GAP);
        timeAxis(TOP + 2 * PANEL + GAP);
        events();
        add("</svg>\n");
        return svg.toString();
    }

    private void legend() {
        int x = WIDTH - 330;
        dot(x, 42, "#1f77b4", 3, 1);
        add("<text x=\"%d\" y=\"46\">write</text>\n", x + 8);
        dot(x + 60, 42, "#2ca02c", 3, 1);
        add("<text x=\"%d\" y=\"46\">read</text>\n", x + 68);
        dot(x + 120, 42, "#d62728", 3, 1);
        add("<text x=\"%d\" y=\"46\">refused or no answer</text>\n", x + 128);
    }

    private void latency(int top) {
        frame(top, "latency, ms");
        for (double ms = LEAST_MS; ms <= MOST_MS; ms *= 10) {
            double y = latencyAt(top, ms);
            line(LEFT, y, WIDTH - RIGHT, y, "#e5e5e5");
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f</text>\n",
                    LEFT - 6, y + 4, ms);
        }
        for (var sample : samples) {
            String colour = !sample.well() ? "#d62728" : sample.write() ? "#1f77b4" : "#2ca02c";
            dot(
                    x(sample.at()),
                    latencyAt(top, sample.took()),
                    colour,
                    sample.well() ? 1.4 : 2.6,
                    0.6);
        }
    }

    private static double latencyAt(int top, double ms) {
        double share =
                (Math.log10(Math.clamp(ms, LEAST_MS, MOST_MS)) - Math.log10(LEAST_MS))
                        / (Math.log10(MOST_MS) - Math.log10(LEAST_MS));
        return top + PANEL * (1 - share);
    }

    private void throughput(int top) {
        frame(top, "answers that were well, a second");
        var writes = rates(true);
        var reads = rates(false);
        double most =
                Math.max(
                        10,
                        1.1
                                * Math.max(
                                        writes.values().stream().max(Double::compare).orElse(1.0),
                                        reads.values().stream().max(Double::compare).orElse(1.0)));
        double step = Math.pow(10, Math.floor(Math.log10(most)));
        step = most / step < 3 ? step / 2 : step;
        for (double rate = 0; rate <= most; rate += step) {
            double y = top + PANEL * (1 - rate / most);
            line(LEFT, y, WIDTH - RIGHT, y, "#e5e5e5");
            add(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f</text>\n",
                    LEFT - 6, y + 4, rate);
        }
        curve(top, writes, most, "#1f77b4");
        curve(top, reads, most, "#2ca02c");
    }

    private Map<Integer, Double> rates(boolean write) {
        var rates = new TreeMap<Integer, Double>();
        for (int bucket = 0; bucket * BUCKET <= end; bucket++) {
            rates.put(bucket, 0.0);
        }
        samples.stream()
                .filter(sample -> sample.write() == write && sample.well())
                .forEach(sample ->
                        rates.merge((int) (sample.at() / BUCKET), 1 / BUCKET, Double::sum));
        return rates;
    }

    private void curve(int top, Map<Integer, Double> rates, double most, String colour) {
        var points = new StringBuilder();
        rates.forEach((bucket, rate) ->
                points.append(
                        String.format(
                                Locale.ROOT,
                                "%.1f,%.1f ",
                                x(Math.min(end, (bucket + 0.5) * BUCKET)),
                                top + PANEL * (1 - rate / most))));
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>\n",
                points.toString().strip(), colour);
    }

    private void timeAxis(int y) {
        double step = end > 400 ? 60 : end > 150 ? 30 : end > 60 ? 10 : 5;
        for (double at = 0; at <= end; at += step) {
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>\n",
                    x(at), y + 18, at);
        }
    }

    /// Labels stand in three rows in turn, so that those which are close do not cover each other.
    private void events() {
        int row = 0;
        for (var mark : marks) {
            String colour = mark.kind() == Mark.Kind.FAULT ? "#d62728" : "#888888";
            line(x(mark.at()), TOP - 4, x(mark.at()), TOP + 2 * PANEL + GAP, colour);
            boolean right = x(mark.at()) > WIDTH - 220;
            add(
                    "<text x=\"%.1f\" y=\"%d\" fill=\"%s\" font-size=\"10\" text-anchor=\"%s\">%s</text>\n",
                    x(mark.at()) + (right ? -3 : 3),
                    TOP + 8 + 11 * row,
                    colour,
                    right ? "end" : "start",
                    escape(mark.what()));
            row = (row + 1) % 4;
        }
    }

    private void frame(int top, String label) {
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#999\"/>\n",
                LEFT, top, WIDTH - LEFT - RIGHT, PANEL);
        add("<text x=\"%d\" y=\"%d\">%s</text>\n", LEFT, top - 8, label);
    }

    private double x(double at) {
        return LEFT + (WIDTH - LEFT - RIGHT) * at / end;
    }

    private void dot(double x, double y, String colour, double radius, double opacity) {
        add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\" fill-opacity=\"%.1f\"/>\n",
                x, y, radius, colour, opacity);
    }

    private void line(double x1, double y1, double x2, double y2, String colour) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                x1, y1, x2, y2, colour);
    }

    @SuppressWarnings("AnnotateFormatMethod") // no dependency for one annotation
    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
