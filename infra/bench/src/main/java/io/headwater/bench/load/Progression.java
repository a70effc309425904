package io.headwater.bench.load;

import io.headwater.bench.measure.CpuMeter;
import io.headwater.bench.measure.CpuUse;
import io.headwater.bench.measure.Sample;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/// How a process that was just started moved along the log.
///
/// @param secondsBefore from the start until the clock runs
/// @param seconds from then to the target
/// @param moved positions in that time
/// @param cpu where CPU time went in that time
public record Progression(double secondsBefore, double seconds, long moved, CpuUse cpu) {
    private static final Duration LOOK = Duration.ofMillis(10);

    /// A position and when it was reached, by `System.nanoTime()`.
    public record Seen(long position, long at) {
        public static Seen now(long position) {
            return new Seen(position, System.nanoTime());
        }
    }

    /// Positions per second while the clock ran.
    public Sample sample() {
        return new Sample(moved / seconds, moved, cpu);
    }

    /// Starts a process and watches it.
    ///
    /// @param start returns when the process is up, or later
    /// @param position looked at every few milliseconds by this thread
    /// @param from the clock runs from the first position behind this one
    /// @param target where to end
    /// @throws IllegalStateException if it does not get there in time
    public static Progression watch(
            Runnable start, Callable<Seen> position, long from, long target, Duration patience)
            throws Exception {
        long begin = System.nanoTime();
        CompletableFuture<Void> started = CompletableFuture.runAsync(start);
        Seen first = new Seen(from, 0);
        CpuMeter meter = CpuMeter.start();
        while (true) {
            Seen now = position.call();
            if (first.position() == from && now.position() > from) {
                first = now;
                meter = CpuMeter.start();
            }
            if (now.position() >= target) {
                CpuUse cpu = meter.stop();
                started.join();
                return new Progression(
                        (first.at() - begin) / 1e9,
                        (now.at() - first.at()) / 1e9,
                        target - first.position(),
                        cpu);
            }
            if (started.isCompletedExceptionally()) {
                started.join();
            }
            if (System.nanoTime() - begin > patience.toNanos()) {
                throw new IllegalStateException(
                        "Came to position %,d of %,d within %d s"
                                .formatted(now.position(), target, patience.toSeconds()));
            }
            Thread.sleep(LOOK);
        }
    }
}
