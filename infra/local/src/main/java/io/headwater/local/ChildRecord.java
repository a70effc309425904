package io.headwater.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Remembers on disk which process is a part, so that the next run can end it if this one is killed
/// and leaves it behind.
///
/// @param file holds the process's number and the instant of its start
/// @param mark what only the command line of this part over this folder holds; a process number may
///   belong to another program by the time it is looked at
record ChildRecord(Path file, String mark) {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    // The kernel's clock of starts and the clock of the day may be set against each other
    // meanwhile.
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

    void write(ChildProcess child) {
        try {
            LocalFolders.makePrivate(file.resolveSibling(""));
            Files.writeString(
                    file, child.pid() + " " + startOf(ProcessHandle.of(child.pid())) + "\n");
        } catch (IOException broken) {
            throw new LocalFailure("Cannot write " + file + ": " + broken.getMessage(), broken);
        }
    }

    /// Ends the process that the file tells of, if it still is that process.
    ///
    /// @return whether there was one
    boolean endOrphan() {
        try {
            if (!Files.exists(file)) {
                return false;
            }
            String[] words = Files.readString(file).strip().split(" ", 2);
            Files.delete(file);
            if (words.length < 2) {
                return false;
            }
            Optional<ProcessHandle> process =
                    ProcessHandle.of(Long.parseLong(words[0]))
                            .filter(ProcessHandle::isAlive)
                            .filter(found -> isSame(found, Instant.parse(words[1])));
            process.ifPresent(found -> Orphan.end(found, "TERM", PATIENCE));
            return process.isPresent();
        } catch (IOException broken) {
            throw new LocalFailure("Cannot read " + file + ": " + broken.getMessage(), broken);
        }
    }

    private boolean isSame(ProcessHandle process, Instant start) {
        return Duration.between(start, startOf(Optional.of(process))).abs().compareTo(CLOCK_SLACK)
                        <= 0
                && Orphan.commandLine(process).contains(mark);
    }

    private static Instant startOf(Optional<ProcessHandle> process) {
        return process.flatMap(found -> found.info().startInstant()).orElse(Instant.EPOCH);
    }
}
