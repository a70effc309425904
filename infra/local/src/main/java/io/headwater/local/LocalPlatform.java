package io.headwater.local;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The whole of it on this machine: [LocalCluster] and the three services as child processes, as
/// built in a checkout.
///
/// ```java
/// try (var platform = LocalPlatform.builder().inTemporaryFolder().start()) {
///     URI commands = platform.command().url();
///     String token = platform.token("read", "write", "model-admin");
///     platform.relay().kill();
///     platform.relay().start();
/// }
/// ```
///
/// Safe for concurrent use. Closing ends all, services first; a temporary folder is deleted,
/// another can be started again.
public final class LocalPlatform implements AutoCloseable {
    private static final Duration TOKEN_LIFETIME = Duration.ofDays(30);

    private final Path home;
    private final boolean temporary;
    private final HomeLock lock;
    private final LocalPorts ports;
    private final LocalCluster cluster;
    private final TokenIssuer issuer;
    private final LocalService command;
    private final LocalService relay;
    private final LocalService query;
    private final Progress progress;
    private final ExecutorService starts =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());
    private final ScheduledExecutorService keeper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("tidy").factory());
    private @Nullable Supervisor supervisor;

    LocalPlatform(LocalPlatformBuilder builder, Path home) {
        this.home = home;
        this.temporary = builder.home == null;
        this.progress = builder.progress;
        this.ports = builder.ports == null ? LocalPorts.free() : builder.ports;
        this.lock = HomeLock.take(home);
        this.issuer = TokenIssuer.in(home);
        String password = Secrets.keep(home.resolve("password"), Secrets::newPassword);
        this.cluster =
                LocalCluster.builder()
                        .inFolder(home)
                        .withStandby()
                        .withKafka()
                        .password(password)
                        .ports(
                                ports.postgres(),
                                ports.standby(),
                                ports.kafka(),
                                ports.kafkaController())
                        .build();
        ServiceSettings settings =
                new ServiceSettings(
                        cluster, ports.relay(), issuer.publicKeyFile(), home.resolve("spool"));
        this.command = service("command-service", ports.command(), builder, settings.command());
        this.relay = service("cdc-relay", ports.relay(), builder, settings.relay());
        this.query = service("query-service", ports.query(), builder, settings.query());
    }

    private LocalService service(
            String name, int port, LocalPlatformBuilder builder, Map<String, String> settings) {
        return new LocalService(name, port, builder.root, home, builder.heap, settings);
    }

    public static LocalPlatformBuilder builder() {
        return new LocalPlatformBuilder();
    }

    /// Starts what is not running and returns when all is ready.
    ///
    /// @throws LocalFailure if a part does not start
    void start() {
        endOrphans();
        ports.refuseBusy();
        CompletableFuture<Void> kafka = run(cluster.kafka());
        CompletableFuture<Void> postgres =
                CompletableFuture.runAsync(() -> cluster.startPostgres(progress), starts);
        CompletableFuture<Void> commands = postgres.thenCompose(done -> run(command));
        // The others lean on tables and roles that the command service makes at its first start.
        CompletableFuture<Void> tables =
                postgres.thenCompose(done -> hasTables() ? postgres : commands);
        CompletableFuture<Void> both = CompletableFuture.allOf(kafka, tables);
        join(
                CompletableFuture.allOf(
                        commands,
                        both.thenCompose(done -> run(query)),
                        both.thenCompose(done -> run(relay))));
    }

    /// From now on, a part that ends by itself is started again.
    void supervise() {
        supervisor =
                new Supervisor(
                        List.of(
                                cluster.primary(),
                                cluster.standby(),
                                cluster.kafka(),
                                command,
                                relay,
                                query),
                        progress);
        var _ = keeper.scheduleWithFixedDelay(this::tidy, 1, 1, TimeUnit.MINUTES);
    }

    private void tidy() {
        try {
            cluster.housekeeping().tidy();
        } catch (IOException broken) {
            progress.say("Cannot tidy up: " + broken.getMessage());
        }
    }

    private void endOrphans() {
        for (LocalService service : List.of(command, relay, query)) {
            if (service.record().endOrphan()) {
                progress.say(
                        service.name() + " of an earlier run was still there and has been ended");
            }
        }
        cluster.endOrphans(progress);
    }

    private CompletableFuture<Void> run(LocalPart part) {
        return CompletableFuture.runAsync(
                () -> {
                    long from = System.nanoTime();
                    part.start();
                    progress.ready(part.name(), Duration.ofNanos(System.nanoTime() - from));
                },
                starts);
    }

    private boolean hasTables() {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT to_regclass('log.event') IS NOT NULL AND to_regclass('log.epoch') IS NOT NULL")) {
            return rows.next() && rows.getBoolean(1);
        } catch (SQLException broken) {
            throw new LocalFailure("Cannot look into the database: " + broken.getMessage(), broken);
        }
    }

    private static void join(CompletableFuture<Void> all) {
        try {
            all.join();
        } catch (CompletionException broken) {
            if (broken.getCause() instanceof LocalFailure failure) {
                throw failure;
            }
            throw broken;
        }
    }

    public LocalCluster cluster() {
        return cluster;
    }

    public LocalService command() {
        return command;
    }

    public LocalService relay() {
        return relay;
    }

    public LocalService query() {
        return query;
    }

    /// A token for `local-developer`, good for 30 days.
    ///
    /// @param scopes of `read`, `write`, `model-admin`, `audit`
    public String token(String... scopes) {
        return issuer.token("local-developer", List.of(scopes), TOKEN_LIFETIME);
    }

    Path home() {
        return home;
    }

    /// Ends all: services, Kafka, standby, primary.
    @Override
    public void close() {
        if (supervisor != null) {
            supervisor.close();
        }
        // A start that is under way gives up, so that nothing is stopped and then started after
        // all.
        keeper.shutdownNow();
        starts.shutdownNow();
        awaitEndOfStarts();
        List<LocalPart> order = new ArrayList<>(List.of(command, query, relay));
        order.parallelStream().forEach(this::end);
        end(cluster.kafka());
        end(cluster.standby());
        end(cluster.primary());
        lock.close();
        if (temporary) {
            LocalFolders.delete(home);
        }
    }

    private void awaitEndOfStarts() {
        try {
            starts.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(LocalPart part) {
        if (!part.isAlive()) {
            return;
        }
        long from = System.nanoTime();
        if (temporary) {
            part.kill();
        } else {
            part.stop();
        }
        progress.say(
                "%s stopped (%.1f s)".formatted(part.name(), (System.nanoTime() - from) / 1e9));
    }
}
