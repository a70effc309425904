package io.headwater.command;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.headwater.local.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The real service on a real PostgreSQL, on free ports, as it is started in production but for the
/// process. One is shared by all tests that do not kill the database: each uses models of its own.
public final class RunningService implements AutoCloseable {
    private static final KeyPair KEYS = keys();

    private final LocalCluster cluster;
    private final boolean ownsCluster;
    private final ConfigurableApplicationContext context;
    private final Path publicKey;

    private static final class Shared {
        private static final RunningService INSTANCE = start(Map.of());

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(INSTANCE::close));
        }
    }

    private RunningService(
            LocalCluster cluster, boolean ownsCluster, Map<String, String> settings) {
        this.cluster = cluster;
        this.ownsCluster = ownsCluster;
        this.publicKey = writePublicKey();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("server.port", "0");
        all.put("server.address", "127.0.0.1");
        all.put("headwater.log.url", cluster.jdbcUrl());
        all.put("headwater.log.user", "headwater_command");
        all.put("headwater.log.password", cluster.password());
        all.put("headwater.migration.user", "headwater_owner");
        all.put("headwater.migration.password", cluster.password());
        all.put("headwater.jwt.public-key-location", publicKey.toUri().toString());
        all.put("headwater.spool.directory", publicKey.resolveSibling("spool").toString());
        all.putAll(settings);
        var application = new SpringApplication(CommandServiceApplication.class);
        String[] arguments =
                all.entrySet().stream()
                        .map(e -> "--" + e.getKey() + "=" + e.getValue())
                        .toArray(String[]::new);
        this.context = application.run(arguments);
    }

    public static RunningService shared() {
        return Shared.INSTANCE;
    }

    public static RunningService start(Map<String, String> settings) {
        return new RunningService(
                LocalCluster.builder().inTemporaryFolder().start(), true, settings);
    }

    /// Another instance of the service on the same database.
    public RunningService another(Map<String, String> settings) {
        return new RunningService(cluster, false, settings);
    }

    public LocalCluster cluster() {
        return cluster;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getProperty("local.server.port", "0"));
    }

    public Client client() {
        return new Client(port(), token("tester", "read write model-admin"));
    }

    public Client client(String scopes) {
        return new Client(port(), token("tester", scopes));
    }

    public static String token(String subject, String scopes) {
        return token(
                new JWTClaimsSet.Builder()
                        .subject(subject)
                        .claim("scope", scopes)
                        .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                        .build());
    }

    public static String token(JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
            token.sign(new RSASSASigner(KEYS.getPrivate()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A number that a query on the database gives.
    public long count(String sql) {
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A text that a query on the database gives.
    public String text(String sql) {
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
        if (ownsCluster) {
            cluster.close();
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path writePublicKey() {
        try {
            Path folder = Files.createTempDirectory(Path.of("target"), "service-");
            return Files.writeString(
                    folder.resolve("jwt.pem"),
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(KEYS.getPublic().getEncoded())
                            + "\n-----END PUBLIC KEY-----\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
