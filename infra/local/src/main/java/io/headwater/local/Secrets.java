package io.headwater.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.function.Supplier;

/// Files that only their owner may read, made once and kept.
final class Secrets {
    private static final int PASSWORD_BYTES = 24;

    private Secrets() {}

    static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /// What the file holds; if there is none yet, it is made of what `fresh` gives. Safe against
    /// other processes.
    static String keep(Path file, Supplier<String> fresh) {
        try {
            if (!Files.exists(file)) {
                Path half =
                        Files.createTempFile(file.getParent(), file.getFileName() + ".", ".half");
                try {
                    // createTempFile makes it readable by its owner alone
                    Files.writeString(half, fresh.get() + "\n", StandardCharsets.UTF_8);
                    Files.createLink(file, half);
                } catch (FileAlreadyExistsException another) {
                    // another process was first, and its is as good
                } finally {
                    Files.deleteIfExists(half);
                }
            }
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot read or make " + file + ": " + broken.getMessage(), broken);
        }
    }

    static void write(Path file, String content) {
        Path half = file.resolveSibling(file.getFileName() + ".half");
        try {
            Files.deleteIfExists(half);
            try (var channel =
                    Files.newByteChannel(
                            half,
                            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                channel.write(java.nio.ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException broken) {
            throw new LocalFailure("Cannot write " + file + ": " + broken.getMessage(), broken);
        }
    }
}
