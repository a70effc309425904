package io.headwater.ops.drill;

import io.headwater.ops.drill.Load.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The longest times without an answer that was well.
record Outages(List<Sample> samples, List<Mark> marks) {
    /// Something that was done to the stack, `at` seconds from the start of the drill.
    record Mark(double at, String what, Kind kind) {
        enum Kind {
            /// the outage that follows is its own
            FAULT,
            /// an outage that follows comes of how the drill is laid out, and counts for nothing
            LAYOUT,
            EVENT
        }
    }

    /// Seconds, of the whole drill.
    double longest(boolean write) {
        return longest(write, 0, Double.MAX_VALUE);
    }

    /// Seconds after each fault, up to the next; in order.
    List<Double> afterFaults(boolean write) {
        var bounds = marks.stream().filter(mark -> mark.kind() != Mark.Kind.EVENT).toList();
        var outages = new ArrayList<Double>();
        for (int i = 0; i < bounds.size(); i++) {
            if (bounds.get(i).kind() == Mark.Kind.FAULT) {
                double next =
                        i + 1 < bounds.size() ? bounds.get(i + 1).at() - 0.5 : Double.MAX_VALUE;
                outages.add(longest(write, bounds.get(i).at() - 0.5, next));
            }
        }
        return outages;
    }

    private double longest(boolean write, double from, double to) {
        double longest = 0;
        double before = -1;
        var times =
                samples.stream()
                        .filter(sample -> sample.write() == write && sample.well())
                        .map(Sample::at)
                        .sorted()
                        .toList();
        for (double at : times) {
            if (before >= from && before < to) {
                longest = Math.max(longest, at - before);
            }
            before = at;
        }
        return longest;
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return 0;
        }
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    static double worst(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    /// Milliseconds.
    double latency(boolean write, double quantile) {
        var times =
                samples.stream()
                        .filter(sample -> sample.write() == write && sample.well())
                        .map(Sample::took)
                        .sorted()
                        .toList();
        return times.isEmpty()
                ? 0
                : times.get((int) Math.min(times.size() - 1, times.size() * quantile));
    }
}
