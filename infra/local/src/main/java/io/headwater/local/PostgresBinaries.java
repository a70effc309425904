package io.headwater.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The PostgreSQL server's programs for this machine, unpacked from the class path once and shared
/// by all clusters of the user. Safe against other threads and other JVMs that unpack at the same
/// time.
///
/// @param folder holds `bin`, `lib` and `share`
record PostgresBinaries(Path folder) {
    private static final int EXECUTABLE = 0100;

    /// @throws LocalFailure if there is no PostgreSQL for this machine, or it cannot be unpacked
    static synchronized PostgresBinaries unpacked() {
        String archive = "postgres-" + platform() + ".txz";
        Path all = LocalFolders.makePrivate(LocalFolders.home()).resolve("postgresql");
        try (InputStream resource = PostgresBinaries.class.getResourceAsStream("/" + archive)) {
            if (resource == null) {
                throw new LocalFailure(
                        "No PostgreSQL for "
                                + platform()
                                + " on the class path ("
                                + archive
                                + "): it runs on Linux and macOS, x86-64 and arm64.");
            }
            Files.createDirectories(all);
            Path folder = all.resolve(version() + "-" + platform());
            try (FileChannel channel =
                            FileChannel.open(
                                    all.resolve(".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(folder)) {
                    Path half = all.resolve(folder.getFileName() + ".half");
                    LocalFolders.delete(half);
                    unpack(resource, half);
                    Files.move(half, folder);
                }
            }
            return new PostgresBinaries(folder);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot unpack PostgreSQL into " + all + ": " + broken.getMessage(), broken);
        }
    }

    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    boolean hasModule(String name) {
        Path modules = folder.resolve("lib").resolve("postgresql");
        return Files.exists(modules.resolve(name + ".so"))
                || Files.exists(modules.resolve(name + ".dylib"));
    }

    private static String version() throws IOException {
        var properties = new java.util.Properties();
        try (InputStream stream =
                PostgresBinaries.class.getResourceAsStream("versions.properties")) {
            if (stream == null) {
                throw new IOException("versions.properties is missing from the class path");
            }
            properties.load(stream);
        }
        return properties.getProperty("postgresql");
    }

    /// The way the binaries' makers spell it: `linux-x86_64`, `darwin-arm_64`.
    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String family = system.startsWith("mac") ? "darwin" : system.split(" ", 2)[0];
        return family
                + "-"
                + switch (machine) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm_64";
                    default -> machine;
                };
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException(
                            "the archive reaches out of its folder with " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    if ((entry.getMode() & EXECUTABLE) != 0) {
                        Set<PosixFilePermission> permissions =
                                new HashSet<>(Files.getPosixFilePermissions(path));
                        permissions.add(PosixFilePermission.OWNER_EXECUTE);
                        permissions.add(PosixFilePermission.GROUP_EXECUTE);
                        permissions.add(PosixFilePermission.OTHERS_EXECUTE);
                        Files.setPosixFilePermissions(path, permissions);
                    }
                }
            }
        }
    }
}
