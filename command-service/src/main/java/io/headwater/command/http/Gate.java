package io.headwater.command.http;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Lets in as many commands, and as many bytes of them, as there is room for. Safe for concurrent
/// use.
final class Gate {
    private static final int UNIT = 1024;

    private final Semaphore commands;
    private final Semaphore kilobytes;
    private final HttpLimits limits;

    Gate(HttpLimits limits) {
        this.limits = limits;
        this.commands = new Semaphore(limits.commands(), true);
        this.kilobytes = new Semaphore(units(limits.bodies().toBytes()), true);
    }

    /// Room, to be given back.
    interface Pass extends AutoCloseable {
        @Override
        void close();
    }

    /// Room for a body, however slowly it comes.
    ///
    /// @param bytes most bytes that it has
    /// @throws ProblemException if no room became free in time
    Pass body(long bytes) {
        int units = units(bytes);
        take(kilobytes, units);
        return () -> kilobytes.release(units);
    }

    /// Room for a command whose body is here.
    ///
    /// @throws ProblemException if no room became free in time
    Pass turn() {
        take(commands, 1);
        return commands::release;
    }

    private void take(Semaphore room, int permits) {
        try {
            if (!room.tryAcquire(permits, limits.turn().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProblemException(
                        Problems.overloaded("Too many commands at once; nothing was changed"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(
                    Problems.overloaded("The service is stopping; nothing was changed"));
        }
    }

    private static int units(long bytes) {
        return (int) Math.max(1, (bytes + UNIT - 1) / UNIT);
    }
}
