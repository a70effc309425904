package io.headwater.local;

import java.nio.file.Path;

/// The `java` that this JVM is.
final class JavaProgram {
    static final String PATH = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private JavaProgram() {}
}
