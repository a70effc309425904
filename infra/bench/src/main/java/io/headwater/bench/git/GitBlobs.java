package io.headwater.bench.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Contents of files by the name that git has for them, from one `git cat-file --batch` that stays
/// open. For one thread.
public final class GitBlobs implements AutoCloseable {
    private final GitProcess batch;

    public GitBlobs(Path repository) throws IOException {
        this.batch = new GitProcess(repository, "cat-file", "--batch");
    }

    /// @param most bytes to read; a longer one is passed over
    /// @return null if it is longer
    public byte @Nullable [] read(String blob, long most) throws IOException {
        batch.in().write((blob + "\n").getBytes(StandardCharsets.US_ASCII));
        batch.in().flush();
        String header = line();
        String[] parts = header.split(" ", -1);
        if (parts.length != 3 || !parts[1].equals("blob")) {
            throw batch.failure("has no blob " + blob + ": " + header);
        }
        long size = Long.parseLong(parts[2]);
        InputStream out = batch.out();
        byte[] content = null;
        if (size <= most) {
            content = out.readNBytes(Math.toIntExact(size));
        } else {
            out.skipNBytes(size);
        }
        if (out.read() != '\n') {
            throw batch.failure("ended in the middle of " + blob);
        }
        return content;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream(80);
        for (int c = batch.out().read(); c != '\n'; c = batch.out().read()) {
            if (c < 0) {
                throw batch.failure("ended");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        batch.close();
    }
}
