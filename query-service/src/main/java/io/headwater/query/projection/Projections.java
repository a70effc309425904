package io.headwater.query.projection;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Runs the loops, each in a thread of its own, from the start of the service to its end.
final class Projections implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Projections.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<ProjectionLoop> loops;
    private List<Thread> threads = List.of();

    Projections(List<ProjectionLoop> loops) {
        this.loops = List.copyOf(loops);
    }

    @Override
    public synchronized void start() {
        threads =
                loops.stream()
                        .map(loop -> Thread.ofPlatform().name("projection").daemon().start(loop))
                        .toList();
    }

    @Override
    public synchronized void stop() {
        loops.forEach(ProjectionLoop::stop);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (Thread thread : threads) {
                java.util.concurrent.locks.LockSupport.unpark(thread);
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                if (left.isNegative() || !thread.join(left)) {
                    log.warn("a projection did not end in time; its transaction is rolled back");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads = List.of();
    }

    @Override
    public synchronized boolean isRunning() {
        return !threads.isEmpty();
    }
}
