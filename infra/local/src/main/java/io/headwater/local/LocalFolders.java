package io.headwater.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Folders as the parts of a local platform need them: private, copied whole, deleted whole.
final class LocalFolders {
    private LocalFolders() {}

    /// Where things are kept that all clusters of this user share, such as the unpacked PostgreSQL:
    /// `HEADWATER_HOME`, else `~/.headwater`.
    static Path home() {
        String home = System.getenv("HEADWATER_HOME");
        return home == null || home.isBlank()
                ? Path.of(System.getProperty("user.home"), ".headwater")
                : Path.of(home).toAbsolutePath().normalize();
    }

    /// Makes the folder and its parents, so that others cannot read what is in it.
    static Path makePrivate(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            return folder;
        } catch (AccessDeniedException denied) {
            throw notWritable(denied);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot make the folder "
                            + folder
                            + " ("
                            + broken.getMessage()
                            + "): set HEADWATER_HOME to another.",
                    broken);
        }
    }

    static LocalFailure notWritable(AccessDeniedException denied) {
        return new LocalFailure(
                "Cannot write to "
                        + denied.getFile()
                        + ": set HEADWATER_HOME to a folder that you may write to.",
                denied);
    }

    /// Copies a folder with permissions and times, leaving out what `skip` says; it is given paths
    /// relative to `source`.
    static void copy(Path source, Path target, Predicate<Path> skip) throws IOException {
        Files.walkFileTree(
                source,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        Path relative = source.relativize(folder);
                        if (skip.test(relative)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Path made = Files.createDirectories(target.resolve(relative));
                        Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(folder));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Path relative = source.relativize(file);
                        if (!skip.test(relative)) {
                            Files.copy(
                                    file,
                                    target.resolve(relative),
                                    StandardCopyOption.COPY_ATTRIBUTES,
                                    LinkOption.NOFOLLOW_LINKS);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// Deletes a folder and all in it; a file that another process removes meanwhile is no error.
    static void delete(Path folder) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.deleteIfExists(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException broken)
                                throws IOException {
                            if (broken instanceof NoSuchFileException) {
                                return FileVisitResult.CONTINUE;
                            }
                            throw broken;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path visited, @Nullable IOException broken) throws IOException {
                            Files.deleteIfExists(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException broken) {
            throw new LocalFailure("Cannot delete " + folder + ": " + broken.getMessage(), broken);
        }
    }
}
