package io.headwater.local;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/// The jars of this JVM's class path that a Kafka broker needs, and no others: a test's class path
/// holds much that would slow the broker's start or take over its log.
final class BrokerClassPath {
    private static final List<String> NEEDED =
            List.of(
                    "kafka",
                    "scala-",
                    "jackson-",
                    "slf4j-api",
                    "log4j-api",
                    "log4j-core",
                    "pcollections",
                    "HdrHistogram",
                    "hash4j",
                    "caffeine",
                    "argparse4j",
                    "snakeyaml",
                    "jopt-simple",
                    "jose4j",
                    "metrics-core",
                    "re2j",
                    "commons-validator",
                    "commons-logging",
                    "zstd-jni",
                    "lz4-java",
                    "snappy-java",
                    "jspecify");

    private BrokerClassPath() {}

    /// @return jars in the order of their names, with one that writes the broker's log to its
    ///   standard error
    static List<Path> find() {
        Set<Path> all = new LinkedHashSet<>();
        for (String entry :
                System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            add(Path.of(entry).toAbsolutePath(), all);
        }
        List<Path> jars = all.stream().filter(BrokerClassPath::isNeeded).toList();
        if (jars.stream().noneMatch(jar -> name(jar).startsWith("kafka_"))) {
            throw new LocalFailure("There is no Kafka broker (kafka_2.13) on the class path.");
        }
        List<String> loggers = logger(all);
        return all.stream()
                .filter(jar -> isNeeded(jar) || loggers.stream().anyMatch(name(jar)::startsWith))
                .sorted()
                .toList();
    }

    private static List<String> logger(Set<Path> all) {
        boolean simple = all.stream().anyMatch(jar -> name(jar).startsWith("slf4j-simple"));
        return simple ? List.of("slf4j-simple") : List.of("logback-");
    }

    private static boolean isNeeded(Path jar) {
        return NEEDED.stream().anyMatch(name(jar)::startsWith);
    }

    private static String name(Path jar) {
        return String.valueOf(jar.getFileName());
    }

    // Surefire and others start a JVM with one jar that has no classes but names all the others in
    // its manifest.
    private static void add(Path jar, Set<Path> all) {
        if (!jar.toString().endsWith(".jar") || !Files.isRegularFile(jar) || !all.add(jar)) {
            return;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String more =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (more != null) {
                for (String entry : more.strip().split("\\s+", -1)) {
                    URI uri = jar.toUri().resolve(entry);
                    if ("file".equals(uri.getScheme())) {
                        add(Path.of(uri), all);
                    }
                }
            }
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot read " + jar + " on the class path: " + broken.getMessage(), broken);
        }
    }
}
