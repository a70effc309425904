package io.headwater.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a platform is to have. Without another word: in a temporary folder, on free ports, of this
/// checkout.
public final class LocalPlatformBuilder {
    @Nullable Path home;
    @Nullable LocalPorts ports;
    Progress progress = Progress.SILENT;
    Path root = checkout();
    int heap = 320;

    LocalPlatformBuilder() {}

    public LocalPlatformBuilder inTemporaryFolder() {
        this.home = null;
        return this;
    }

    public LocalPlatformBuilder inFolder(Path home) {
        this.home = home.toAbsolutePath().normalize();
        return this;
    }

    /// The checkout whose built services are started.
    public LocalPlatformBuilder of(Path root) {
        this.root = root.toAbsolutePath().normalize();
        return this;
    }

    /// @param mebibytes most heap of each service; 320 by default
    public LocalPlatformBuilder heap(int mebibytes) {
        this.heap = mebibytes;
        return this;
    }

    LocalPlatformBuilder on(LocalPorts ports) {
        this.ports = ports;
        return this;
    }

    LocalPlatformBuilder tell(Progress progress) {
        this.progress = progress;
        return this;
    }

    /// @throws LocalFailure if a part does not start; then none is left running
    public LocalPlatform start() {
        LocalPlatform platform = build();
        try {
            platform.start();
            return platform;
        } catch (RuntimeException broken) {
            platform.close();
            throw broken;
        }
    }

    LocalPlatform build() {
        try {
            Path folder =
                    home == null
                            ? Files.createTempDirectory("headwater-").toRealPath()
                            : LocalFolders.makePrivate(home);
            return new LocalPlatform(this, folder);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot make a temporary folder: " + broken.getMessage(), broken);
        }
    }

    private static Path checkout() {
        String told = System.getProperty("headwater.root");
        if (told != null) {
            return Path.of(told);
        }
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        return start;
    }
}
