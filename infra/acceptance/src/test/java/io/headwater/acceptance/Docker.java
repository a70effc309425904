package io.headwater.acceptance;

import org.testcontainers.DockerClientFactory;

/// Whether tests that need containers can run here.
final class Docker {
    private Docker() {}

    /// Whether an engine answers.
    static boolean answers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
