package io.headwater.command.spool;

import io.headwater.contract.ImportId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Why a file was not taken in. Nothing of it is left on disk.
public abstract sealed class SpoolException extends IOException {
    private SpoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// The bound of all files is reached, or the disk is full.
    public static final class NoRoom extends SpoolException {
        NoRoom(String message) {
            super(message, null);
        }

        NoRoom(IOException cause) {
            super("The disk for uploads cannot be written to; try again later", cause);
        }
    }

    /// The file is longer than any may be.
    public static final class TooLarge extends SpoolException {
        TooLarge(long most) {
            super("A file has at most %,d bytes, decompressed; split it".formatted(most), null);
        }
    }

    /// The same file is being received or read in another thread or process right now.
    public static final class Busy extends SpoolException {
        Busy(ImportId id) {
            super("The file of import " + id + " is being received or read right now", null);
        }
    }
}
