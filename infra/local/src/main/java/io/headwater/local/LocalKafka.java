package io.headwater.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// One Kafka broker, its own controller, as a child process on the loopback. Topics are made only
/// by who asks for them. Safe for concurrent use.
public final class LocalKafka implements LocalPart {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(10);

    private final Path folder;
    private final Path log;
    private final int port;
    private final int controllerPort;
    private final ChildRecord record;
    private @Nullable ChildProcess child;

    LocalKafka(Path folder, Path log, int port, int controllerPort) {
        this.folder = folder;
        this.log = log;
        this.port = port;
        this.controllerPort = controllerPort;
        this.record =
                new ChildRecord(
                        folder.resolve("process"), folder.resolve("server.properties").toString());
    }

    @Override
    public String name() {
        return "kafka";
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        refuseBusyPorts();
        LocalFolders.makePrivate(folder);
        Path settings = folder.resolve("server.properties");
        try {
            Files.writeString(settings, settings(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new LocalFailure("Cannot write " + settings + ": " + broken.getMessage(), broken);
        }
        List<Path> classPath = BrokerClassPath.find();
        if (!Files.exists(folder.resolve("data").resolve("meta.properties"))) {
            format(classPath, settings);
        }
        List<String> command = java("kafka", classPath, "-Xms256m", "-Xmx256m");
        command.add("kafka.Kafka");
        command.add(settings.toString());
        ChildProcess started = ChildProcess.start("Kafka", command, Map.of(), log, "TERM");
        child = started;
        record.write(started);
        awaitReady(started);
    }

    /// Ends the broker that an earlier run left over this folder.
    ///
    /// @return whether there was one
    boolean endOrphan() {
        return record.endOrphan();
    }

    private void refuseBusyPorts() {
        if (!FreePorts.becomesFree(port)) {
            throw LocalPorts.busy("kafka", port);
        }
        if (!FreePorts.becomesFree(controllerPort)) {
            throw LocalPorts.busy("kafka-controller", controllerPort);
        }
    }

    private void format(List<Path> classPath, Path settings) {
        List<String> command = java("kafka-format", classPath, "-Xmx128m");
        command.addAll(
                List.of(
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id",
                        Uuid.randomUuid().toString(),
                        "--config",
                        settings.toString()));
        Programs.Result result = Programs.run(command);
        if (result.status() != 0) {
            throw new LocalFailure(
                    "Cannot format Kafka's folder " + folder + ":\n" + result.output());
        }
    }

    private List<String> java(String purpose, List<Path> classPath, String... flags) {
        List<String> command = new ArrayList<>();
        command.add(JavaProgram.PATH);
        command.addAll(List.of(flags));
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:SharedArchiveFile=" + sharedArchive(purpose, classPath),
                        "-XX:+AutoCreateSharedArchive",
                        "-Xlog:disable",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                        "-Dlogback.configurationFile=" + folder.resolve("logback.xml"),
                        "-cp",
                        classPath.stream().map(Path::toString).collect(Collectors.joining(":"))));
        return command;
    }

    // Another set of jars would make the archive anew at each exit, so each set has its own.
    private static Path sharedArchive(String purpose, List<Path> classPath) {
        Path folder = LocalFolders.makePrivate(LocalFolders.home().resolve("class-archives"));
        return folder.resolve(purpose + "-" + Integer.toHexString(classPath.hashCode()) + ".jsa");
    }

    private String settings() throws IOException {
        Files.writeString(
                folder.resolve("logback.xml"),
                """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d{ISO8601} [%thread] %level %logger{0} - %msg%n</pattern></encoder>
                  </appender>
                  <root level="info"><appender-ref ref="out"/></root>
                </configuration>
                """,
                StandardCharsets.UTF_8);
        return """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
        advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
        controller.listener.names=CONTROLLER
        inter.broker.listener.name=PLAINTEXT
        log.dirs=%3$s
        num.partitions=1
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        transaction.state.log.num.partitions=1
        add.partitions.to.txn.retry.backoff.ms=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        share.coordinator.state.topic.num.partitions=1
        group.initial.rebalance.delay.ms=0
        log.cleaner.dedupe.buffer.size=4194304
        log.retention.ms=-1
        broker.session.timeout.ms=3000
        broker.heartbeat.interval.ms=500
        num.network.threads=2
        num.io.threads=4
        background.threads=2
        """
                .formatted(port, controllerPort, folder.resolve("data"));
    }

    private void awaitReady(ChildProcess started) {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (FreePorts.isFree(port)) {
            check(started, deadline);
            Pause.of(POLL);
        }
        Map<String, Object> settings =
                Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                        AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 20,
                        AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 20,
                        AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        try (Admin admin = Admin.create(settings)) {
            while (admin.describeCluster().nodes().get().isEmpty()) {
                check(started, deadline);
                Pause.of(POLL);
            }
        } catch (ExecutionException broken) {
            throw started.failure("does not answer (" + broken.getCause() + ")");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted while Kafka started.", interrupted);
        }
    }

    private static void check(ChildProcess started, long deadline) {
        if (!started.isAlive()) {
            throw started.failure("ended instead of starting");
        }
        if (System.nanoTime() > deadline) {
            started.kill();
            throw started.failure("was not ready after " + START_PATIENCE.toSeconds() + " s");
        }
    }

    @Override
    public synchronized void stop() {
        if (child != null) {
            child.end("TERM", STOP_PATIENCE);
        }
    }

    @Override
    public synchronized void kill() {
        if (child != null) {
            child.kill();
        }
    }

    @Override
    public synchronized boolean isAlive() {
        return child != null && child.isAlive();
    }
}
