package io.headwater.bench.measure;

import java.util.List;
import java.util.Locale;

/// What a row has to reach, judged on the median of its rounds.
public sealed interface Bar {
    /// The measured rate over the yardstick's, pair by pair.
    record RatioAtLeast(double ratio) implements Bar {}

    /// The measured time over the yardstick's, pair by pair.
    record RatioAtMost(double ratio) implements Bar {}

    /// The measured value alone; there is no yardstick.
    record ValueAtLeast(double value) implements Bar {}

    /// The measured value alone; there is no yardstick.
    record ValueAtMost(double value) implements Bar {}

    /// Nothing to reach: the value is there to be seen.
    record Reported() implements Bar {}

    /// @param rounds at least one; with a yardstick each if this bar is on a ratio
    default boolean isMetBy(List<Round> rounds) {
        return switch (this) {
            case RatioAtLeast(double least) -> Spread.ofRatios(rounds).median() >= least;
            case RatioAtMost(double most) -> Spread.ofRatios(rounds).median() <= most;
            case ValueAtLeast(double least) -> Spread.ofMeasured(rounds).median() >= least;
            case ValueAtMost(double most) -> Spread.ofMeasured(rounds).median() <= most;
            case Reported() -> true;
        };
    }

    /// As it stands in the table.
    default String text() {
        return switch (this) {
            case RatioAtLeast(double least) -> "≥ " + number(least);
            case RatioAtMost(double most) -> "≤ " + number(most);
            case ValueAtLeast(double least) -> "≥ " + number(least);
            case ValueAtMost(double most) -> "≤ " + number(most);
            case Reported() -> "reported,";
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && value >= 10
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
