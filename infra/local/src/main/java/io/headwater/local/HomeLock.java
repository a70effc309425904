package io.headwater.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// At most one platform runs over a folder. The operating system lets go of the lock when the
/// process ends, however it ends.
final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @throws LocalFailure if another process has it
    static HomeLock take(Path home) {
        Path file = home.resolve("lock");
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (!gets(channel)) {
                channel.close();
                throw new LocalFailure(
                        "Headwater runs over "
                                + home
                                + " already (process "
                                + Files.readString(file).strip()
                                + "): stop it with Ctrl-C there, or set HEADWATER_HOME to another folder.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            (ProcessHandle.current().pid() + "\n")
                                    .getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new HomeLock(channel);
        } catch (AccessDeniedException denied) {
            throw LocalFolders.notWritable(denied);
        } catch (IOException broken) {
            throw new LocalFailure("Cannot lock " + file + ": " + broken.getMessage(), broken);
        }
    }

    private static boolean gets(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException thisProcess) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException broken) {
            throw new LocalFailure("Cannot let go of the lock: " + broken.getMessage(), broken);
        }
    }
}
