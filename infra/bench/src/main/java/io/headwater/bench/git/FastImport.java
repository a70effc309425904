package io.headwater.bench.git;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes commits by `git fast-import`, thousands a second. For one thread.
final class FastImport implements AutoCloseable {
    private final GitProcess process;
    private final OutputStream out;
    private int marks;

    FastImport(Path repository) throws IOException {
        this.process = new GitProcess(repository, "fast-import", "--quiet");
        this.out = new BufferedOutputStream(process.in(), 1 << 16);
    }

    /// @param author name and address, as git writes them
    /// @param parent mark; 0 for the first
    /// @param merged mark of a second parent; 0 for none
    /// @param files contents by path; null for one that goes
    /// @return mark of the commit
    int commit(
            String branch,
            String author,
            Instant time,
            String message,
            int parent,
            int merged,
            Map<String, @Nullable String> files)
            throws IOException {
        int mark = ++marks;
        line("commit refs/heads/" + branch);
        line("mark :" + mark);
        line("author %s %d +0000".formatted(author, time.getEpochSecond()));
        line("committer %s %d +0000".formatted(author, time.getEpochSecond()));
        data(message);
        if (parent > 0) {
            line("from :" + parent);
        }
        if (merged > 0) {
            line("merge :" + merged);
        }
        for (var file : files.entrySet()) {
            if (file.getValue() == null) {
                line("D " + file.getKey());
            } else {
                line("M 100644 inline " + file.getKey());
                data(file.getValue());
            }
        }
        line("");
        return mark;
    }

    private void data(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        line("data " + bytes.length);
        out.write(bytes);
        line("");
    }

    private void line(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// Waits until all commits are there.
    void finish() throws IOException {
        out.close();
        process.finish();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }

    /// Makes an empty bare repository.
    static void init(Path repository) throws IOException {
        try (var init = new GitProcess(repository, "init", "-q", "--bare", "-b", "main", ".")) {
            init.finish();
        }
    }
}
