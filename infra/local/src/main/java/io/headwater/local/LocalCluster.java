package io.headwater.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// PostgreSQL, and where asked for its hot standby and Kafka, as child processes on free ports of
/// the loopback. The database `headwater` and the login roles are there, each with [#password()];
/// schemas are made by their owners' migrations.
///
/// ```java
/// try (var cluster = LocalCluster.builder().inTemporaryFolder().withStandby().withKafka().start()) {
///     dataSource(cluster.jdbcUrl(), "headwater_owner", cluster.password());
///     cluster.primary().kill();     // SIGKILL, as a crash
///     cluster.primary().start();    // recovers
/// }
/// ```
///
/// Safe for concurrent use. Closing ends all; a temporary folder is deleted, another one can be
/// started again.
public final class LocalCluster implements AutoCloseable {
    private final Path folder;
    private final boolean temporary;
    private final LocalPostgres primary;
    private final @Nullable LocalStandby standby;
    private final @Nullable LocalKafka kafka;

    LocalCluster(LocalClusterBuilder builder) {
        this.folder = builder.folder();
        this.temporary = builder.folder == null;
        PostgresBinaries binaries = PostgresBinaries.unpacked();
        Unprivileged unprivileged = Unprivileged.find();
        unprivileged.letThrough(LocalFolders.home());
        unprivileged.letThrough(folder);
        Path logs = folder.resolve("logs");
        this.primary =
                new LocalPostgres(
                        new PostgresServer(
                                "postgres",
                                folder.resolve("primary"),
                                logs.resolve("postgres.log"),
                                builder.postgresPort,
                                binaries,
                                unprivileged),
                        folder.resolve("archive"),
                        builder.password,
                        !temporary,
                        builder.standby);
        this.standby =
                builder.standby
                        ? new LocalStandby(
                                new PostgresServer(
                                        "standby",
                                        folder.resolve("standby"),
                                        logs.resolve("standby.log"),
                                        builder.standbyPort,
                                        binaries,
                                        unprivileged),
                                primary,
                                folder.resolve("standby-archive"))
                        : null;
        this.kafka =
                builder.kafka
                        ? new LocalKafka(
                                folder.resolve("kafka"),
                                logs.resolve("kafka.log"),
                                builder.kafkaPort,
                                builder.kafkaControllerPort)
                        : null;
    }

    public static LocalClusterBuilder builder() {
        return new LocalClusterBuilder();
    }

    /// Starts what is not running, Kafka beside PostgreSQL, and returns when all is ready.
    public void start() {
        CompletableFuture<Void> broker =
                kafka == null
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.runAsync(kafka::start);
        try {
            startPostgres(Progress.SILENT);
        } finally {
            // Whatever became of PostgreSQL: no half-started broker may be left behind.
            broker.exceptionally(later -> null).join();
        }
        try {
            broker.join();
        } catch (CompletionException broken) {
            if (broken.getCause() instanceof LocalFailure failure) {
                throw failure;
            }
            throw broken;
        }
    }

    /// The primary and then the standby, which is made as a copy of the primary's folder if it has
    /// none.
    void startPostgres(Progress progress) {
        long from = System.nanoTime();
        if (!primary.isAlive()) {
            refuseLonelyStandby();
            primary.init();
            if (standby != null) {
                standby.init();
            }
            primary.start();
            if (standby != null && primary.hasLostItsStandby()) {
                progress.say(
                        "standby was away for too long; it is made anew as a copy of the primary");
                primary.dropStandbySlot();
                primary.stop();
                standby.server().copyFrom(primary.server());
                primary.start();
            }
            progress.ready(primary.name(), Duration.ofNanos(System.nanoTime() - from));
        }
        if (standby != null) {
            from = System.nanoTime();
            standby.start();
            progress.ready(standby.name(), Duration.ofNanos(System.nanoTime() - from));
        }
    }

    // A new primary beside an old standby would mean that the only copy of somebody's data is
    // written over.
    private void refuseLonelyStandby() {
        if (standby != null && standby.server().exists() && !primary.server().exists()) {
            throw new LocalFailure(
                    "There is a standby in %s but no primary in %s: move the standby's folder there, without its file standby.signal, to go on with its data, or delete it to begin anew."
                            .formatted(standby.server().folder(), primary.server().folder()));
        }
    }

    void endOrphans(Progress progress) {
        List<String> ended = new ArrayList<>();
        if (kafka != null && kafka.endOrphan()) {
            ended.add(kafka.name());
        }
        if (standby != null && standby.server().endOrphan()) {
            ended.add(standby.name());
        }
        if (primary.server().endOrphan()) {
            ended.add(primary.name());
        }
        ended.forEach(part ->
                progress.say(part + " of an earlier run was still there and has been ended"));
    }

    public LocalPostgres primary() {
        return primary;
    }

    /// @throws IllegalStateException if it was built without
    public LocalStandby standby() {
        if (standby == null) {
            throw new IllegalStateException("This cluster was built without withStandby().");
        }
        return standby;
    }

    /// @throws IllegalStateException if it was built without
    public LocalKafka kafka() {
        if (kafka == null) {
            throw new IllegalStateException("This cluster was built without withKafka().");
        }
        return kafka;
    }

    /// The primary's database `headwater`, without user and password.
    public String jdbcUrl() {
        return primary.jdbcUrl();
    }

    /// The standby's database `headwater`, without user and password.
    public String standbyJdbcUrl() {
        return standby().jdbcUrl();
    }

    /// The password of every role, the superuser `postgres` among them.
    public String password() {
        return primary.password();
    }

    /// A connection to the primary as the superuser `postgres`; the caller closes it.
    public Connection superuser() throws SQLException {
        return primary.superuser();
    }

    public String bootstrapServers() {
        return kafka().bootstrapServers();
    }

    /// Where its logs are, one file for each part.
    public Path logs() {
        return folder.resolve("logs");
    }

    Housekeeping housekeeping() {
        return Housekeeping.usual(
                logs(), List.of(primary.archive(), folder.resolve("standby-archive")));
    }

    /// Ends all parts: in good order, or at once where the folder is temporary.
    @Override
    public void close() {
        List<LocalPart> parts = new ArrayList<>();
        if (kafka != null) {
            parts.add(kafka);
        }
        if (standby != null) {
            parts.add(standby);
        }
        parts.add(primary);
        for (LocalPart part : parts) {
            // Kafka writes its class archive at an orderly end, and needs but a moment for it.
            if (temporary && part != kafka) {
                part.kill();
            } else {
                part.stop();
            }
        }
        if (temporary) {
            LocalFolders.delete(folder);
        }
    }
}
