package io.headwater.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One of the services as a child JVM on the loopback. Safe for concurrent use.
public final class LocalService implements LocalPart {
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(50);

    private final String name;
    private final int port;
    private final Path root;
    private final Path home;
    private final int heap;
    private final Path log;
    private final Map<String, String> environment;
    private final ChildRecord record;
    private @Nullable ChildProcess child;

    /// @param root the checkout with the built service
    /// @param heap most heap, MiB
    /// @param environment its configuration, but for the port
    LocalService(
            String name,
            int port,
            Path root,
            Path home,
            int heap,
            Map<String, String> environment) {
        this.name = name;
        this.port = port;
        this.root = root;
        this.home = home;
        this.heap = heap;
        this.log = home.resolve("logs").resolve(name + ".log");
        this.environment = new HashMap<>(environment);
        this.environment.put("SERVER_ADDRESS", "127.0.0.1");
        this.environment.put("SERVER_PORT", Integer.toString(port));
        this.record =
                new ChildRecord(
                        home.resolve("processes").resolve(name),
                        home.resolve("apps").resolve(name) + "-");
    }

    @Override
    public String name() {
        return name;
    }

    /// Where it answers, such as `http://localhost:8080`.
    public URI url() {
        return URI.create("http://localhost:" + port);
    }

    ChildRecord record() {
        return record;
    }

    @Override
    public synchronized void start() {
        if (isAlive()) {
            return;
        }
        ServiceJar service = ServiceJar.layOut(root, name, home.resolve("apps"));
        if (!FreePorts.becomesFree(port)) {
            throw LocalPorts.busy(name, port);
        }
        ChildProcess started = ChildProcess.start(name, command(service), environment, log, "TERM");
        child = started;
        record.write(started);
        awaitReady(started);
    }

    private List<String> command(ServiceJar service) {
        return new ArrayList<>(
                List.of(
                        JavaProgram.PATH,
                        "-Xms112m",
                        "-Xmx" + heap + "m",
                        // what is under way of a batch or of requests dies young, not copied
                        "-XX:NewSize=64m",
                        "-XX:+UseSerialGC",
                        "-XX:MaxMetaspaceSize=192m",
                        "-XX:ReservedCodeCacheSize=96m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:SharedArchiveFile=" + service.classArchive(),
                        "-XX:+AutoCreateSharedArchive",
                        "-Xlog:disable",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-jar",
                        service.jar().toString()));
    }

    private void awaitReady(ChildProcess started) {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!isReady()) {
            if (!started.isAlive()) {
                throw started.failure("ended instead of starting");
            }
            if (System.nanoTime() > deadline) {
                started.kill();
                throw started.failure("was not ready after " + START_PATIENCE.toSeconds() + " s");
            }
            Pause.of(POLL);
        }
    }

    /// Whether its readiness probe says so.
    public boolean isReady() {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + port + "/actuator/health/readiness"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try {
            return Client.HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted while " + name + " started.", interrupted);
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

    /// Of its process.
    ///
    /// @throws LocalFailure if it was never started
    public synchronized long pid() {
        if (child == null) {
            throw new LocalFailure(name + " was never started.");
        }
        return child.pid();
    }

    /// Made when first needed, and never in tests that start no service.
    private static final class Client {
        static final HttpClient HTTP =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build();
    }
}
