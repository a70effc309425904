package io.headwater.relay;

import io.headwater.local.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real application as a process of its own, so that it can be killed and frozen.
final class RelayProcess implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final Path LOGS = Path.of("target/relay-processes");

    private final Process process;
    private final int port;
    private final Path log;

    private RelayProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    static RelayProcess start(LocalCluster cluster) {
        return start(cluster, Map.of(), "-Xmx256m");
    }

    static RelayProcess start(
            LocalCluster cluster, Map<String, String> settings, String... jvmFlags) {
        try {
            Files.createDirectories(LOGS);
            int port = freePort();
            var log = Files.createTempFile(LOGS, "relay-", ".log");
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(jvmFlags));
            command.addAll(
                    List.of(
                            "-XX:+UseSerialGC",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-XX:TieredStopAtLevel=" + (jvmFlags.length > 1 ? 4 : 1),
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RelayApplication.class.getName()));
            var builder = new ProcessBuilder(command);
            var environment = new HashMap<String, String>();
            environment.put("SERVER_PORT", Integer.toString(port));
            environment.put("SERVER_ADDRESS", "127.0.0.1");
            environment.put("HEADWATER_LOG_URL", cluster.jdbcUrl());
            environment.put("HEADWATER_LOG_USER", "headwater_relay");
            environment.put("HEADWATER_LOG_PASSWORD", cluster.password());
            environment.put("HEADWATER_KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrapServers());
            environment.putAll(settings);
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new RelayProcess(process, port, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    RelayProcess awaitReady() {
        return await("readiness", this::isReady);
    }

    RelayProcess awaitLeading() {
        return await(
                "lead", () -> numbers().path("role").asString("").equals("leading") && isReady());
    }

    /// Ends the process if it does not come to that: it shall not take the lead from the next
    /// test's.
    private RelayProcess await(String what, Callable<Boolean> there) {
        try {
            Awaitility.await(what + " of the relay, log " + log)
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !process.isAlive() || there.call());
        } catch (RuntimeException e) {
            kill();
            throw e;
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("The relay ended:\n" + output());
        }
        return this;
    }

    boolean isReady() {
        return status("/actuator/health/readiness") == 200;
    }

    int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /// The reason in the health's details; empty if there is none or no answer.
    String reason() {
        return health().path("components")
                .path("relay")
                .path("details")
                .path("reason")
                .asString("");
    }

    String obstacle() {
        return numbers().path("obstacle").asString("");
    }

    JsonNode health() {
        return json("/actuator/health");
    }

    JsonNode numbers() {
        return json("/actuator/relay");
    }

    String prometheus() {
        try {
            return get("/actuator/prometheus").body();
        } catch (IOException e) {
            return "";
        }
    }

    private JsonNode json(String path) {
        try {
            return JsonMapper.shared().readTree(get(path).body());
        } catch (IOException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(3))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly();
        join();
    }

    /// SIGSTOP.
    void freeze() {
        signal("STOP");
    }

    /// SIGCONT.
    void thaw() {
        signal("CONT");
    }

    /// SIGTERM, and waits for the end.
    void stop() {
        process.destroy();
        join();
    }

    /// CPU time that it has used.
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void join() {
        try {
            if (!process.waitFor(40, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The relay does not end:\n" + output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
