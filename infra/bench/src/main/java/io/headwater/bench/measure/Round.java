package io.headwater.bench.measure;

import org.jspecify.annotations.Nullable;

/// What one turn saw: the thing measured and, right before or after it, its yardstick.
///
/// @param yardstick null for a row that has none
public record Round(Sample measured, @Nullable Sample yardstick) {

    /// Measured over yardstick.
    public double ratio() {
        if (yardstick == null) {
            throw new IllegalStateException("A round without a yardstick has no ratio.");
        }
        return measured.value() / yardstick.value();
    }
}
