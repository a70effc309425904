package io.headwater.local;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A program that runs beside this JVM, its output appended to one log file. It is in a session of
/// its own, so that Ctrl-C in the terminal reaches only this JVM, which stops its children in their
/// order; and a guard ends it if this JVM is killed. Safe for concurrent use.
final class ChildProcess {
    private static final String GUARD = "read -r _; kill -\"$1\" \"$2\" 2>/dev/null";

    private static final Pattern STACK_FRAME = Pattern.compile("^\\s+(at |\\.\\.\\. )");
    private static final int SHOWN_LINES = 6;

    private final String name;
    private final Path log;
    private final long logStart;
    private final Process process;

    private ChildProcess(String name, Path log, long logStart, Process process) {
        this.name = name;
        this.log = log;
        this.logStart = logStart;
        this.process = process;
    }

    /// @param name what people call it, for messages
    /// @param endSignal signal that ends it in good order, without `SIG`
    static ChildProcess start(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path log,
            String endSignal) {
        List<String> inOwnSession = new ArrayList<>(ownSession());
        inOwnSession.addAll(command);
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder =
                    new ProcessBuilder(inOwnSession)
                            .redirectErrorStream(true)
                            .redirectInput(Path.of("/dev/null").toFile())
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            ChildProcess child = new ChildProcess(name, log, logStart, builder.start());
            child.guard(endSignal);
            return child;
        } catch (IOException broken) {
            throw new LocalFailure("Cannot start " + name + ": " + broken.getMessage(), broken);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    void signal(String signal) {
        signal(process.pid(), signal);
    }

    static void signal(long pid, String signal) {
        try {
            new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "kill -\"$1\" \"$2\"",
                            "kill",
                            signal,
                            Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException broken) {
            throw new LocalFailure("Cannot send SIG" + signal + " to process " + pid, broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends the signal and waits for the end; whoever has not ended by then is killed.
    ///
    /// @return whether it ended by itself
    boolean end(String signal, Duration patience) {
        if (!process.isAlive()) {
            return true;
        }
        signal(signal);
        if (awaitExit(patience)) {
            return true;
        }
        kill();
        return false;
    }

    /// SIGKILL; returns when the process is gone.
    void kill() {
        process.destroyForcibly();
        if (!awaitExit(Duration.ofSeconds(30))) {
            throw new LocalFailure(
                    name + " (process " + pid() + ") does not end, not even by SIGKILL.");
        }
    }

    private boolean awaitExit(Duration patience) {
        boolean interrupted = false;
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (InterruptedException stop) {
            interrupted = true;
            return false;
        } catch (java.util.concurrent.ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The failure to throw when the process ended or was not ready in time, with the last lines
    /// that it wrote.
    LocalFailure failure(String what) {
        return new LocalFailure(
                name + " " + what + ". Its log, " + log + ", ends with:\n" + lastLines());
    }

    /// Whether a text stands in its log since it was started. What it wrote may be followed by any
    /// number of lines of others: children that an earlier one left behind append to the same file.
    boolean hasLogged(String text) {
        try (FileChannel file = FileChannel.open(log)) {
            return new String(
                            Channels.newInputStream(file.position(logStart)).readAllBytes(),
                            StandardCharsets.ISO_8859_1)
                    .contains(text);
        } catch (IOException unreadable) {
            return false;
        }
    }

    /// The end of its log.
    private String lastLines() {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            // Stack traces tell a person at a terminal little, and they are in the log.
            List<String> all =
                    lines.filter(line -> !line.isBlank() && !STACK_FRAME.matcher(line).find())
                            .toList();
            return String.join(
                    "\n", all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size()));
        } catch (IOException unreadable) {
            return "(cannot be read: " + unreadable.getMessage() + ")";
        }
    }

    // The guard's standard input is a pipe from this JVM: it reads the end of it when this JVM is
    // gone, however it went.
    private void guard(String endSignal) throws IOException {
        Process guard =
                new ProcessBuilder(
                                Stream.concat(
                                                ownSession().stream(),
                                                Stream.of(
                                                        "/bin/sh",
                                                        "-c",
                                                        GUARD,
                                                        "headwater-guard",
                                                        endSignal,
                                                        Long.toString(pid())))
                                        .toList())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        CompletableFuture<Void> _ = process.onExit().thenRun(guard::destroyForcibly);
    }

    private static List<String> ownSession() {
        if (Programs.find("setsid") != null) {
            return List.of("setsid");
        }
        if (Programs.find("perl") != null) {
            return List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV");
        }
        return List.of();
    }
}
