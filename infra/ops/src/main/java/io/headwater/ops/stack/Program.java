package io.headwater.ops.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Runs programs of this machine, each within a bound of time.
public final class Program {
    private Program() {}

    /// @param exit status; 124 where it took too long and was ended
    public record Ran(int exit, String out, String err) {
        public boolean well() {
            return exit == 0;
        }

        /// What it said of its failure, the last line first thing one wants to know.
        public String reason() {
            String text = err.isBlank() ? out : err;
            return text.isBlank() ? "it ended with " + exit : text.strip();
        }

        /// @throws Trouble if it failed
        public String orTrouble(String doing) {
            if (!well()) {
                throw new Trouble(doing + " failed: " + reason());
            }
            return out;
        }
    }

    static Ran run(Path folder, Duration atMost, List<String> command) {
        try {
            var process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .start();
            var out = CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
            var err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                return new Ran(124, "", "It took longer than %d s".formatted(atMost.toSeconds()));
            }
            return new Ran(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new Trouble(
                    "%s cannot be run here: %s".formatted(command.getFirst(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Trouble("Interrupted", e);
        }
    }

    private static String all(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
