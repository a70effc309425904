package io.headwater.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs two sides in turns, so that whatever else happens on the machine hits both.
public final class Turns {
    /// Runs for about a slice of time.
    @FunctionalInterface
    public interface Side {
        /// @return the value, in the unit of the row
        double run(Duration slice) throws Exception;
    }

    private static final int LEAST_WARM_UPS = 4;
    private static final int MOST_WARM_UPS = 12;
    private static final double STEADY = 1.1;

    private Turns() {}

    /// Warms both sides up, then measures them in turns; who comes first changes from round to
    /// round.
    public static List<Round> take(Plan plan, Side measured, Side yardstick) throws Exception {
        warmUp(measured, plan.warmUp());
        warmUp(yardstick, plan.warmUp());
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < plan.rounds(); i++) {
            if (i % 2 == 0) {
                Sample first = sample(measured, plan.slice());
                rounds.add(new Round(first, sample(yardstick, plan.slice())));
            } else {
                Sample first = sample(yardstick, plan.slice());
                rounds.add(new Round(sample(measured, plan.slice()), first));
            }
        }
        return rounds;
    }

    // The compiler may need much longer than one slice to come to all that runs often, and it
    // pauses on the way: that two slices are alike is not the end of it.
    private static void warmUp(Side side, Duration slice) throws Exception {
        double before = side.run(slice);
        for (int i = 1; i < MOST_WARM_UPS; i++) {
            double now = side.run(slice);
            if (i >= LEAST_WARM_UPS
                    && Math.max(now, before) < STEADY * Math.min(now, before)) {
                return;
            }
            before = now;
        }
    }

    /// Runs one side once.
    public static Sample sample(Side side, Duration slice) throws Exception {
        CpuMeter meter = CpuMeter.start();
        double value = side.run(slice);
        CpuUse cpu = meter.stop();
        return new Sample(value, value * cpu.wallSeconds(), cpu);
    }
}
