package io.headwater.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Starts a part again when it ends by itself, after a wait that grows from one second to half a
/// minute while it keeps ending. Closing stops the watch, not the parts.
final class Supervisor implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    // A part that ran for so long has recovered: the next time it ends is a new trouble.
    private static final Duration STEADY = Duration.ofMinutes(1);

    private final List<Thread> threads = new ArrayList<>();
    private final Progress progress;
    private volatile boolean closed;

    Supervisor(List<LocalPart> parts, Progress progress) {
        this.progress = progress;
        for (LocalPart part : parts) {
            threads.add(
                    Thread.ofPlatform()
                            .name("watch-" + part.name())
                            .daemon()
                            .start(() -> watch(part)));
        }
    }

    private void watch(LocalPart part) {
        Duration wait = SHORTEST_WAIT;
        long startedAt = System.nanoTime();
        try {
            while (!closed) {
                if (part.isAlive()) {
                    Pause.of(LOOK);
                    continue;
                }
                if (System.nanoTime() - startedAt > STEADY.toNanos()) {
                    wait = SHORTEST_WAIT;
                }
                progress.say(
                        "%s has ended; it starts again in %d s"
                                .formatted(part.name(), wait.toSeconds()));
                Pause.of(wait);
                wait =
                        wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0
                                ? LONGEST_WAIT
                                : wait.multipliedBy(2);
                startedAt = System.nanoTime();
                restart(part, startedAt);
            }
        } catch (LocalFailure interrupted) {
            if (!closed) {
                throw interrupted;
            }
        }
    }

    private void restart(LocalPart part, long startedAt) {
        try {
            part.start();
            progress.ready(part.name(), Duration.ofNanos(System.nanoTime() - startedAt));
        } catch (LocalFailure broken) {
            if (!closed) {
                progress.say(String.valueOf(broken.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
