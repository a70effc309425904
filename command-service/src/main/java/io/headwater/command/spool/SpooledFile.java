package io.headwater.command.spool;

import io.headwater.contract.ImportId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;

/// A file that this process holds by its lock, which ends with the process. Whoever got it ends it,
/// by [#release] or [#delete].
public final class SpooledFile {
    private final ImportId id;
    private final Path path;
    private final FileChannel channel;
    private final Runnable afterwards;

    private SpooledFile(ImportId id, Path path, FileChannel channel, Runnable afterwards) {
        this.id = id;
        this.path = path;
        this.channel = channel;
        this.afterwards = afterwards;
    }

    /// @param afterwards run once the file is let go
    /// @param how besides reading and writing
    /// @throws SpoolException.Busy if another process holds the file
    /// @throws NoSuchFileException if there is none
    static SpooledFile claim(ImportId id, Path path, Runnable afterwards, OpenOption... how)
            throws IOException {
        var options = new HashSet<OpenOption>(List.of(how));
        options.add(StandardOpenOption.READ);
        options.add(StandardOpenOption.WRITE);
        var channel = FileChannel.open(path, options);
        try {
            // Another process may have deleted or moved the file between the open and the lock.
            if (channel.tryLock() != null && Files.exists(path)) {
                return new SpooledFile(id, path, channel, afterwards);
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new SpoolException.Busy(id);
    }

    public ImportId id() {
        return id;
    }

    FileChannel channel() {
        return channel;
    }

    /// The same file under another name; what was there is replaced.
    SpooledFile moved(Path target) throws IOException {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        return new SpooledFile(id, target, channel, afterwards);
    }

    /// A stream of the file from its start. Closing it leaves the file held.
    public InputStream open() {
        // Not by another channel: where locks are POSIX's, closing that would end the lock of this.
        return new FromStart(channel);
    }

    private static final class FromStart extends InputStream {
        private final FileChannel channel;
        private long position;

        private FromStart(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int n = channel.read(ByteBuffer.wrap(into, from, length), position);
            position += Math.max(0, n);
            return n;
        }
    }

    /// Lets another process have the file.
    public void release() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            afterwards.run();
        }
    }

    public void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("The upload " + path + " cannot be deleted", e);
        } finally {
            release();
        }
    }
}
