package io.headwater.bench.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first-parent line of a branch, oldest commit first, as `git log --raw` streams it: no
/// checkout, and no more than one commit in memory. What a merge brought in is the merge's change.
/// For one thread.
public final class GitHistory implements AutoCloseable {
    private static final String FORMAT = "--format=%x01%H%x00%ct%x00%at%x00%aE%x00%aN";
    private static final String START = "\u0001";

    private final GitProcess log;
    private @Nullable String ahead;

    /// @param after commit of the line to go on behind; null for all of it
    public GitHistory(Path repository, String branch, @Nullable String after) throws IOException {
        this.log =
                new GitProcess(
                        repository,
                        "-c",
                        "i18n.logOutputEncoding=UTF-8",
                        "-c",
                        "log.showSignature=false",
                        "-c",
                        "log.showRoot=true",
                        "log",
                        "--first-parent",
                        "--diff-merges=first-parent",
                        "--reverse",
                        "--raw",
                        "-z",
                        "--no-abbrev",
                        "--no-renames",
                        FORMAT,
                        after == null ? branch : after + ".." + branch,
                        "--");
        this.ahead = log.token();
    }

    /// @return null at the end
    public @Nullable Commit next() throws IOException {
        if (ahead == null) {
            log.finish();
            return null;
        }
        if (!ahead.startsWith(START)) {
            throw log.failure("said something unexpected: " + ahead);
        }
        String hash = ahead.substring(1);
        Instant time = Instant.ofEpochSecond(Long.parseLong(required()));
        Instant authored = Instant.ofEpochSecond(Long.parseLong(required()));
        String email = required();
        String name = required();
        List<FileVersion> changes = new ArrayList<>();
        ahead = log.token();
        while (ahead != null && !ahead.startsWith(START)) {
            changes.add(change(ahead.strip()));
            ahead = log.token();
        }
        return new Commit(hash, time, authored, email, name, changes);
    }

    // :100644 100644 <blob before> <blob after> M
    private FileVersion change(String raw) throws IOException {
        String[] parts = raw.split(" ", -1);
        if (parts.length != 5) {
            throw log.failure("said something unexpected: " + raw);
        }
        return new FileVersion(required(), isRegular(parts[1]) ? parts[3] : null);
    }

    private static boolean isRegular(String mode) {
        return mode.startsWith("100");
    }

    private String required() throws IOException {
        String token = log.token();
        if (token == null) {
            throw log.failure("ended in the middle of a commit");
        }
        return token;
    }

    /// The hashes of the line, oldest first.
    public static List<String> line(Path repository, String branch) throws IOException {
        try (var list =
                new GitProcess(
                        repository, "rev-list", "--first-parent", "--reverse", branch, "--")) {
            String text = new String(list.out().readAllBytes(), StandardCharsets.US_ASCII);
            list.finish();
            return text.lines().toList();
        }
    }

    /// The regular files of a commit.
    public static List<FileVersion> files(Path repository, String commit) throws IOException {
        try (var tree = new GitProcess(repository, "ls-tree", "-r", "-z", commit)) {
            List<FileVersion> files = new ArrayList<>();
            for (String entry = tree.token(); entry != null; entry = tree.token()) {
                int tab = entry.indexOf('\t');
                String[] parts = entry.substring(0, tab).split(" ", -1);
                if (isRegular(parts[0])) {
                    files.add(new FileVersion(entry.substring(tab + 1), parts[2]));
                }
            }
            tree.finish();
            return files;
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
