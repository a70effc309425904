package io.headwater.bench.measure;

import java.util.Arrays;
import java.util.List;

/// Median, least and greatest of the values of some rounds.
public record Spread(double median, double min, double max) {

    /// @param values at least one
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    public static Spread ofMeasured(List<Round> rounds) {
        return of(rounds.stream().mapToDouble(round -> round.measured().value()).toArray());
    }

    public static Spread ofRatios(List<Round> rounds) {
        return of(rounds.stream().mapToDouble(Round::ratio).toArray());
    }

    /// Of the yardstick's values; of no value at all where there is no yardstick.
    public static Spread ofYardstick(List<Round> rounds) {
        double[] values =
                rounds.stream()
                        .map(Round::yardstick)
                        .mapToDouble(sample -> sample == null ? Double.NaN : sample.value())
                        .toArray();
        return of(values);
    }
}
