package io.headwater.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/// Callers that each send one call after the other, as fast as they are answered.
public final class ClosedLoop {
    /// One of the callers, with whatever it keeps open. Used by one thread.
    public interface Caller extends AutoCloseable {
        void call() throws Exception;

        @Override
        default void close() throws Exception {}
    }

    /// Opens a caller before the clock starts.
    @FunctionalInterface
    public interface Callers {
        /// @param index 0 and up
        Caller open(int index) throws Exception;
    }

    private ClosedLoop() {}

    /// Callers on platform threads of their own, the fastest for blocking sockets.
    ///
    /// @param callers how many call at the same time
    /// @return calls per second that were answered
    /// @throws Exception the first that a caller threw
    public static double perSecond(int callers, Duration slice, Callers factory) throws Exception {
        return perSecond(Thread.ofPlatform().daemon().factory(), callers, slice, factory);
    }

    /// Callers on virtual threads, as a service has them.
    ///
    /// @param callers how many call at the same time
    /// @return calls per second that were answered
    /// @throws Exception the first that a caller threw
    public static double perSecondVirtually(int callers, Duration slice, Callers factory)
            throws Exception {
        return perSecond(Thread.ofVirtual().factory(), callers, slice, factory);
    }

    private static double perSecond(
            ThreadFactory kind, int callers, Duration slice, Callers factory) throws Exception {
        List<Caller> open = new ArrayList<>();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(kind)) {
            for (int i = 0; i < callers; i++) {
                open.add(factory.open(i));
            }
            CyclicBarrier start = new CyclicBarrier(callers + 1);
            AtomicBoolean broken = new AtomicBoolean();
            List<Future<Long>> counts = new ArrayList<>();
            for (Caller caller : open) {
                counts.add(threads.submit(() -> callUntil(slice, caller, start, broken)));
            }
            start.await();
            long begin = System.nanoTime();
            long calls = 0;
            for (Future<Long> count : counts) {
                calls += count.get();
            }
            return calls / ((System.nanoTime() - begin) / 1e9);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            for (Caller caller : open) {
                caller.close();
            }
        }
    }

    private static long callUntil(
            Duration slice, Caller caller, CyclicBarrier start, AtomicBoolean broken)
            throws Exception {
        try {
            start.await();
        } catch (BrokenBarrierException e) {
            return 0;
        }
        long end = System.nanoTime() + slice.toNanos();
        long calls = 0;
        try {
            while (System.nanoTime() < end && !broken.get()) {
                caller.call();
                calls++;
            }
        } catch (Exception e) {
            broken.set(true);
            throw e;
        }
        return calls;
    }
}
