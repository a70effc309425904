package io.headwater.command.imports;

import static org.awaitility.Awaitility.await;

import io.headwater.command.CommandServiceApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The real service as a process of its own, on the log of [ImportService], to be killed.
final class ServiceProcess implements AutoCloseable {
    private final Path spool;
    private final List<String> options;
    private final int port = freePort();
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    /// @param options of the JVM
    ServiceProcess(Path spool, String... options) {
        this.spool = spool;
        this.options = List.of(options);
        this.process = start();
    }

    int port() {
        return port;
    }

    /// Ends it as if the power had failed, and starts it again.
    void killAndStart() {
        kill();
        process = start();
    }

    private void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private Process start() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommandServiceApplication.class.getName(),
                        "--server.address=127.0.0.1",
                        "--server.port=" + port,
                        "--headwater.spool.directory=" + spool,
                        "--headwater.imports.look-around=100ms"));
        for (String name :
                List.of(
                        "headwater.log.url",
                        "headwater.log.user",
                        "headwater.log.password",
                        "headwater.jwt.public-key-location")) {
            command.add("--" + name + "=" + ImportService.setting(name));
        }
        try {
            var started =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            spool.resolveSibling("service.log").toFile()))
                            .start();
            // a run of tests that is broken off leaves nothing behind
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            await().atMost(Duration.ofMinutes(5)).until(() -> isReady(started));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isReady(Process started) throws InterruptedException {
        if (!started.isAlive()) {
            throw new IllegalStateException(
                    "The service has ended; see " + spool.resolveSibling("service.log"));
        }
        try {
            var health = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
            var request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
