package io.headwater.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process that an earlier run left behind when it was killed.
final class Orphan {
    private Orphan() {}

    /// Ends a process that is not our child, in good order if it does so in time.
    static void end(ProcessHandle process, String signal, Duration patience) {
        ChildProcess.signal(process.pid(), signal);
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(
                    "Interrupted while waiting for process " + process.pid() + " to end.",
                    interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The command and its arguments, separated by spaces; empty if the process may not be looked
    /// at.
    static String commandLine(ProcessHandle process) {
        try {
            Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException noSuchFileSystem) {
            return Programs.run(
                            List.of(
                                    "ps",
                                    "-ww",
                                    "-o",
                                    "command=",
                                    "-p",
                                    Long.toString(process.pid())))
                    .output();
        }
    }
}
