package io.headwater.command.spool;

import io.headwater.contract.ImportId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Files of imports on disk, from the upload until the import is done. Safe for concurrent use,
/// also by several processes on one folder: a file belongs to the process that holds its lock.
///
/// A file is named `<import>.upload` while it comes in, `<import>.rows` once it is safe.
public final class Spool {
    private static final String COMING = ".upload";
    private static final String SAFE = ".rows";
    private static final int BUFFER = 128 * 1024;
    private static final long LOOK_AGAIN = 16 * 1024 * 1024;

    private final SpoolProperties bounds;
    private final FileStore disk;

    /// Bytes of the uploads that are coming in to this process.
    private final AtomicLong coming = new AtomicLong();

    /// A lock keeps other processes away; this keeps away other threads.
    private final Set<ImportId> held = ConcurrentHashMap.newKeySet();

    /// @throws UncheckedIOException if the folder cannot be made or written to
    public Spool(SpoolProperties bounds) {
        this.bounds = bounds;
        try {
            Files.createDirectories(bounds.directory());
            this.disk = Files.getFileStore(bounds.directory());
            sweep();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder for uploads, %s (HEADWATER_SPOOL_DIRECTORY), cannot be used: %s"
                            .formatted(bounds.directory(), e.getMessage()),
                    e);
        }
    }

    /// A file that is safe on disk.
    ///
    /// @param digest SHA-256, hex
    public record Received(SpooledFile file, long bytes, String digest) {}

    /// Takes a file in. When this returns, the file survives a crash of the machine.
    ///
    /// @param declared length that the client declared, -1 if it did not
    /// @throws SpoolException if there is no room for the file, or it is in use
    /// @throws IOException whatever `body` throws, as when the client breaks off
    public Received receive(ImportId id, InputStream body, long declared) throws IOException {
        if (declared > bounds.perUpload().toBytes()) {
            throw new SpoolException.TooLarge(bounds.perUpload().toBytes());
        }
        SpooledFile file =
                hold(id, COMING, StandardOpenOption.CREATE)
                        .orElseThrow(() -> new SpoolException.Busy(id));
        var written = new AtomicLong();
        try {
            String digest = write(body, file.channel(), written);
            // Locked, not only looked at: another process may read an older upload of it.
            if (Files.exists(path(id, SAFE))) {
                SpooledFile.claim(id, path(id, SAFE), () -> {}).release();
            }
            SpooledFile safe = file.moved(path(id, SAFE));
            forceFolder();
            return new Received(safe, written.get(), digest);
        } catch (IOException | RuntimeException e) {
            file.delete();
            throw e;
        } finally {
            coming.addAndGet(-written.get());
        }
    }

    private String write(InputStream body, FileChannel channel, AtomicLong written)
            throws IOException {
        var digest = new Sha256();
        byte[] buffer = new byte[BUFFER];
        channel.truncate(0);
        long others = size();
        long look = LOOK_AGAIN;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            long all = coming.addAndGet(n);
            if (written.addAndGet(n) > bounds.perUpload().toBytes()) {
                throw new SpoolException.TooLarge(bounds.perUpload().toBytes());
            }
            if (written.get() > look) {
                look += LOOK_AGAIN;
                others = size();
            }
            if (others + all > bounds.inAll().toBytes()) {
                throw new SpoolException.NoRoom(
                        "All uploads that come in, wait or run have at most %,d bytes together; wait"
                                        .formatted(bounds.inAll().toBytes())
                                + " for one to end");
            }
            digest.add(buffer, n);
            store(ByteBuffer.wrap(buffer, 0, n), channel);
        }
        force(channel);
        return digest.hex();
    }

    /// Room is looked at before the write, since others use the disk too; the write may still find
    /// it full.
    private void store(ByteBuffer bytes, FileChannel channel) throws IOException {
        if (disk.getUsableSpace() < bounds.keepFree().toBytes() + bytes.remaining()) {
            throw new SpoolException.NoRoom("The disk for uploads is full; try again later");
        }
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new SpoolException.NoRoom(e);
        }
    }

    private static void force(FileChannel channel) throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new SpoolException.NoRoom(e);
        }
    }

    /// Files that are safe on disk, whoever holds them.
    public List<ImportId> safe() throws IOException {
        var found = new ArrayList<ImportId>();
        try (var paths = Files.newDirectoryStream(bounds.directory(), "*" + SAFE)) {
            for (Path path : paths) {
                id(path, SAFE).ifPresent(found::add);
            }
        }
        return found;
    }

    public boolean isSafe(ImportId id) {
        return Files.exists(path(id, SAFE));
    }

    /// Takes over a safe file that nobody holds.
    ///
    /// @return empty if it is gone, or held in another thread or process
    public Optional<SpooledFile> hold(ImportId id) throws IOException {
        return hold(id, SAFE);
    }

    private Optional<SpooledFile> hold(ImportId id, String ending, StandardOpenOption... how)
            throws IOException {
        if (!held.add(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SpooledFile.claim(id, path(id, ending), () -> held.remove(id), how));
        } catch (SpoolException.Busy | NoSuchFileException e) {
            held.remove(id);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            held.remove(id);
            throw e;
        }
    }

    /// Deletes what broken uploads left behind.
    private void sweep() throws IOException {
        try (var paths = Files.newDirectoryStream(bounds.directory(), "*" + COMING)) {
            for (Path path : paths) {
                ImportId id = id(path, COMING).orElse(null);
                if (id != null) {
                    hold(id, COMING).ifPresent(SpooledFile::delete);
                }
            }
        }
    }

    private long size() throws IOException {
        long bytes = 0;
        try (var paths = Files.newDirectoryStream(bounds.directory(), "*" + SAFE)) {
            for (Path path : paths) {
                bytes += sizeOf(path);
            }
        }
        return bytes;
    }

    private static long sizeOf(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private void forceFolder() throws IOException {
        try (var folder = FileChannel.open(bounds.directory(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (FileSystemException e) {
            // Not every system lets a folder be opened; those keep names safe by themselves.
        }
    }

    private Path path(ImportId id, String ending) {
        return bounds.directory().resolve(id + ending);
    }

    private static Optional<ImportId> id(Path path, String ending) {
        String name = String.valueOf(path.getFileName());
        return ImportId.parse(name.substring(0, name.length() - ending.length()));
    }
}
