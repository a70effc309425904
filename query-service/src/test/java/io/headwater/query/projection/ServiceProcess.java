package io.headwater.query.projection;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.headwater.local.LocalCluster;
import io.headwater.query.QueryServiceApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The query service as a process of its own, to be killed and frozen.
final class ServiceProcess implements AutoCloseable {
    private static final KeyPair KEYS = newKeys();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final int port;

    private ServiceProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /// @param folder for its log and the public key
    static ServiceProcess start(String name, Path folder, Map<String, String> more) {
        try {
            LocalCluster cluster = ProjectionFixture.cluster();
            int port = freePort();
            Path key = folder.resolve("key.pem");
            Files.writeString(
                    key,
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(KEYS.getPublic().getEncoded())
                            + "\n-----END PUBLIC KEY-----\n");
            var builder =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx256m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-Duser.timezone=America/St_Johns",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    QueryServiceApplication.class.getName())
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve(name + ".log").toFile()));
            String hosts =
                    "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/headwater"
                            .formatted(cluster.standby().port(), cluster.primary().port());
            var environment = new TreeMap<String, String>();
            for (var login : List.of("projection", "query")) {
                String prefix = "HEADWATER_" + login.toUpperCase(java.util.Locale.ROOT);
                environment.put(prefix + "_URL", hosts);
                environment.put(prefix + "_USER", "headwater_" + login);
                environment.put(prefix + "_PASSWORD", cluster.password());
            }
            environment.put("HEADWATER_MIGRATION_USER", "headwater_owner");
            environment.put("HEADWATER_MIGRATION_PASSWORD", cluster.password());
            environment.put("HEADWATER_KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrapServers());
            environment.put("HEADWATER_JWT_PUBLIC_KEY_LOCATION", key.toUri().toString());
            environment.put("SERVER_PORT", Integer.toString(port));
            environment.put("SERVER_ADDRESS", "127.0.0.1");
            environment.put("HEADWATER_PROJECTION_LEASE", "3s");
            environment.put("HEADWATER_PROJECTION_STALLED_AFTER", "3s");
            environment.putAll(more);
            builder.environment().putAll(environment);
            var process = builder.start();
            // a run of tests that is broken off leaves nothing behind
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ServiceProcess(process, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ServiceProcess start(String name, Path folder) {
        return start(name, folder, Map.of());
    }

    void awaitReady() {
        Awaitility.await()
                .atMost(ProjectionFixture.PATIENCE)
                .ignoreExceptions()
                .until(() -> get("/actuator/health/readiness", "").statusCode() == 200);
    }

    HttpResponse<String> get(String path, String token) {
        return send(HttpRequest.newBuilder(uri(path)).GET(), token);
    }

    HttpResponse<String> post(String path, String token) {
        return send(
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()), token);
    }

    HttpResponse<String> delete(String path, String token) {
        return send(HttpRequest.newBuilder(uri(path)).DELETE(), token);
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String token) {
        try {
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String token(String scopes) {
        try {
            var token =
                    new SignedJWT(
                            new JWSHeader(JWSAlgorithm.RS256),
                            new JWTClaimsSet.Builder()
                                    .subject("tester")
                                    .claim("scope", scopes)
                                    .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
                                    .build());
            token.sign(new RSASSASigner(KEYS.getPrivate()));
            return token.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Stops the process where it is; it keeps its connections.
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Ends it as a crash does.
    void kill() {
        process.destroyForcibly();
        await();
    }

    /// Ends it in good order.
    void stop() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The service did not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        thaw();
        kill();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
