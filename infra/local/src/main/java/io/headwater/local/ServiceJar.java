package io.headwater.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/// A service as Maven built it, laid out as plain jars: from those the JVM can take classes out of
/// a shared archive, which it cannot do from jars inside of a jar.
///
/// @param jar the service's own; its manifest names the others
record ServiceJar(Path jar) {
    /// Lays the service out, once for each build of it.
    ///
    /// @param root the checkout
    /// @param service its module
    /// @param apps folder for the services of all builds; the layouts of earlier builds of this
    ///   service are deleted
    static ServiceJar layOut(Path root, String service, Path apps) {
        Path packed = packed(root, service);
        try {
            String build = service + "-" + Long.toHexString(contents(packed));
            Path folder = apps.resolve(build);
            if (!Files.isDirectory(folder)) {
                LocalFolders.makePrivate(apps);
                deleteOthers(apps, service);
                Path half = apps.resolve(build + ".half");
                Programs.Result result =
                        Programs.run(
                                List.of(
                                        JavaProgram.PATH,
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:+UseSerialGC",
                                        "-Djarmode=tools",
                                        "-jar",
                                        packed.toString(),
                                        "extract",
                                        "--destination",
                                        half.toString()));
                if (result.status() != 0) {
                    throw new LocalFailure("Cannot unpack " + packed + ":\n" + result.output());
                }
                Files.move(half, folder);
            }
            return new ServiceJar(folder.resolve(packed.getFileName()));
        } catch (IOException broken) {
            throw new LocalFailure("Cannot unpack " + packed + ": " + broken.getMessage(), broken);
        }
    }

    private static Path packed(Path root, String service) {
        Path target = root.resolve(service).resolve("target");
        try (Stream<Path> files =
                Files.find(
                        target,
                        1,
                        (file, attributes) ->
                                String.valueOf(file.getFileName()).endsWith("-exec.jar"),
                        new FileVisitOption[0])) {
            return files.findFirst()
                    .orElseThrow(() ->
                            new LocalFailure(
                                    "No *-exec.jar in "
                                            + target
                                            + ": build it with ./mvnw package."));
        } catch (IOException notBuilt) {
            throw new LocalFailure(
                    "There is no " + target + ": build it with ./mvnw package.", notBuilt);
        }
    }

    // Builds are reproducible, so neither their length nor their time tells one from another; their
    // checksums do.
    private static long contents(Path packed) throws IOException {
        CRC32 sum = new CRC32();
        try (ZipFile zip = new ZipFile(packed.toFile())) {
            zip.stream()
                    .map(entry -> entry.getName() + "=" + entry.getCrc() + "\n")
                    .forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
        }
        return sum.getValue();
    }

    private static void deleteOthers(Path apps, String service) throws IOException {
        try (Stream<Path> earlier = Files.list(apps)) {
            earlier.filter(folder -> String.valueOf(folder.getFileName()).startsWith(service + "-"))
                    .forEach(LocalFolders::delete);
        }
    }

    /// The archive of classes that belongs to this build; it goes with it.
    Path classArchive() {
        return jar.resolveSibling("classes.jsa");
    }
}
