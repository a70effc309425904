package io.headwater.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Keeps what grows while the platform runs within bounds: logs, and the archives of write-ahead
/// log.
///
/// @param mostLogBytes a longer log is moved to `<name>.1`, over the one there, and begun anew
/// @param mostArchiveBytes the oldest segments beyond it are deleted; a standby that is still
///   behind takes what it needs from the primary, whose slot keeps it
record Housekeeping(Path logs, List<Path> archives, long mostLogBytes, long mostArchiveBytes) {
    private static final long MEBIBYTE = 1L << 20;

    static Housekeeping usual(Path logs, List<Path> archives) {
        return new Housekeeping(logs, archives, 64 * MEBIBYTE, 1024 * MEBIBYTE);
    }

    /// One round. What cannot be done now is done in a later one.
    ///
    /// @throws IOException if a folder cannot be read or a file not be deleted
    void tidy() throws IOException {
        for (Path log : files(logs)) {
            if (log.toString().endsWith(".log") && Files.size(log) > mostLogBytes) {
                beginAnew(log);
            }
        }
        for (Path archive : archives) {
            prune(archive);
        }
    }

    // Its writer has it open for appending, so it cannot be renamed, but it can be emptied. A line
    // may get lost between.
    private static void beginAnew(Path log) throws IOException {
        Files.copy(
                log,
                log.resolveSibling(log.getFileName() + ".1"),
                StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    private void prune(Path archive) throws IOException {
        long kept = 0;
        // A segment's name is its place in the write-ahead log.
        for (Path segment : files(archive).stream().sorted(Comparator.reverseOrder()).toList()) {
            kept += Files.size(segment);
            if (kept > mostArchiveBytes) {
                Files.deleteIfExists(segment);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
