package io.headwater.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The programs of the operating system that are on the path.
final class Programs {
    private Programs() {}

    static @Nullable Path find(String name) {
        String path = System.getenv("PATH");
        for (String folder :
                (path == null ? "/usr/bin:/bin" : path + ":/usr/sbin:/sbin")
                        .split(File.pathSeparator, -1)) {
            Path program = Path.of(folder.isEmpty() ? "." : folder, name);
            if (Files.isExecutable(program) && !Files.isDirectory(program)) {
                return program;
            }
        }
        return null;
    }

    /// What a short-lived command did.
    ///
    /// @param output standard output and standard error, without white space around it
    record Result(int status, String output) {}

    static Result run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(
                            process.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException broken) {
            return new Result(127, String.valueOf(broken.getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LocalFailure(
                    "Interrupted while " + command.getFirst() + " ran.", interrupted);
        }
    }
}
