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

    /// The yardstick is one small loop in this JVM, so it is compiled soon.
    private static final int YARDSTICK_SHARE = 3;

    private Turns() {}

    /// Warms both sides up, then measures them in turns; who comes first changes from round to
    /// round.
    public static List<Round> take(Plan plan, Side measured, Side yardstick) throws Exception {
        warmUp(measured, plan.slice(), plan.warmUp());
        warmUp(yardstick, plan.slice(), plan.warmUp().dividedBy(YARDSTICK_SHARE));
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

    // A service gets faster for half a minute under full load, several times as fast, in steps with
    // pauses between: that two slices are alike is not the end of it.
    private static void warmUp(Side side, Duration slice, Duration atLeast) throws Exception {
        long end = System.nanoTime() + atLeast.toNanos();
        do {
            side.run(slice);
        } while (System.nanoTime() < end);
    }

    /// Runs one side once.
    public static Sample sample(Side side, Duration slice) throws Exception {
        CpuMeter meter = CpuMeter.start();
        double value = side.run(slice);
        CpuUse cpu = meter.stop();
        return new Sample(value, value * cpu.wallSeconds(), cpu);
    }
}
