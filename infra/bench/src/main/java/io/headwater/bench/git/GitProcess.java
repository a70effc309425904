package io.headwater.bench.git;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A git command that runs on a repository. What it says on standard error is kept for the message
/// of a failure. Closing ends it. For one thread.
final class GitProcess implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final String command;
    private final Path errors;
    private final Process process;
    private final InputStream out;

    GitProcess(Path repository, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(arguments));
        this.command = "git " + String.join(" ", arguments);
        this.errors = Files.createTempFile("headwater-git-", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        this.process = builder.start();
        this.out = new BufferedInputStream(process.getInputStream(), BUFFER);
    }

    InputStream out() {
        return out;
    }

    OutputStream in() {
        return process.getOutputStream();
    }

    /// Reads up to the next NUL.
    ///
    /// @return null at the end
    @Nullable String token() throws IOException {
        var token = new ByteArrayOutputStream(128);
        for (int c = out.read(); c != 0; c = out.read()) {
            if (c < 0) {
                return token.size() == 0 ? null : token.toString(StandardCharsets.UTF_8);
            }
            token.write(c);
        }
        return token.toString(StandardCharsets.UTF_8);
    }

    /// Waits for its end, once all of its output is read.
    ///
    /// @throws GitFailure if it ended with an error
    void finish() throws IOException {
        try {
            process.getOutputStream().close();
            if (process.waitFor() != 0) {
                throw failure("ended with " + process.exitValue());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("was interrupted");
        }
    }

    GitFailure failure(String what) throws IOException {
        String said = Files.exists(errors) ? Files.readString(errors).strip() : "";
        return new GitFailure(command + " " + what + (said.isEmpty() ? "" : ": " + said));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            Files.deleteIfExists(errors);
        }
    }
}
