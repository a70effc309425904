package io.headwater.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a cluster is to have. Without another word: a primary alone, in a temporary folder, on free
/// ports.
public final class LocalClusterBuilder {
    @Nullable Path folder;
    boolean standby;
    boolean kafka;
    int postgresPort;
    int standbyPort;
    int kafkaPort;
    int kafkaControllerPort;
    String password = "";

    LocalClusterBuilder() {}

    /// Data live as long as the cluster; this is the default.
    public LocalClusterBuilder inTemporaryFolder() {
        this.folder = null;
        return this;
    }

    /// Data stay there; the next cluster over the same folder needs the same [#password(String)].
    public LocalClusterBuilder inFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        return this;
    }

    public LocalClusterBuilder withStandby() {
        this.standby = true;
        return this;
    }

    public LocalClusterBuilder withKafka() {
        this.kafka = true;
        return this;
    }

    /// Without this it is made up.
    public LocalClusterBuilder password(String password) {
        this.password = password;
        return this;
    }

    /// Fixed ports instead of free ones.
    public LocalClusterBuilder ports(int postgres, int standby, int kafka, int kafkaController) {
        this.postgresPort = postgres;
        this.standbyPort = standby;
        this.kafkaPort = kafka;
        this.kafkaControllerPort = kafkaController;
        return this;
    }

    /// @throws LocalFailure if a part does not start; then none is left running
    public LocalCluster start() {
        LocalCluster cluster = build();
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException broken) {
            cluster.close();
            throw broken;
        }
    }

    LocalCluster build() {
        if (password.isEmpty()) {
            password = Secrets.newPassword();
        }
        if (postgresPort == 0) {
            ports(FreePorts.next(), FreePorts.next(), FreePorts.next(), FreePorts.next());
        }
        return new LocalCluster(this);
    }

    Path folder() {
        try {
            return folder == null
                    ? Files.createTempDirectory("headwater-").toRealPath()
                    : LocalFolders.makePrivate(folder);
        } catch (IOException broken) {
            throw new LocalFailure(
                    "Cannot make a temporary folder: " + broken.getMessage(), broken);
        }
    }
}
