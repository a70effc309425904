package io.headwater.query.api;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.local.LocalCluster;
import io.headwater.query.QueryServiceApplication;
import io.headwater.query.rows.ReadTables;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/// A primary with a hot standby, and the whole query service on it; made once for all tests. There
/// is no Kafka, so the projection waits, and tests write the read schema themselves.
public final class Platform {
    public static final String EPOCH = "7f3a91c2";
    private static final Platform ONE = new Platform();

    private final LocalCluster cluster;
    private final KeyPair key;
    private final ReadTables tables;
    private final CountedStatements statements = new CountedStatements();
    private final ConfigurableApplicationContext application;
    private final Map<String, String> tokens = new java.util.concurrent.ConcurrentHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();

    private Platform() {
        try {
            cluster = LocalCluster.builder().inTemporaryFolder().withStandby().start();
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            Flyway.configure()
                    .dataSource(primary("headwater_owner"))
                    .schemas("log")
                    .locations("filesystem:../event-store/src/main/resources/db/migration/log")
                    .load()
                    .migrate();
            tables = new ReadTables(primary("headwater_owner"), primary("headwater_projection"));
            tables.checkpoint(EPOCH, 0);
            superuser("ALTER TABLE log.epoch DISABLE TRIGGER append_only");
            superuser("UPDATE log.epoch SET epoch = '" + EPOCH + "'");
            KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            key = keys.generateKeyPair();
            application = start();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    public static Platform get() {
        return ONE;
    }

    private ConfigurableApplicationContext start() throws IOException {
        Path pem = Files.createTempFile("headwater-", ".pem");
        pem.toFile().deleteOnExit();
        Files.writeString(
                pem,
                "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
                        .formatted(
                                Base64.getMimeEncoder()
                                        .encodeToString(key.getPublic().getEncoded())));
        var spring = new SpringApplication(QueryServiceApplication.class);
        spring.setDefaultProperties(
                Map.ofEntries(
                        Map.entry("server.port", "0"),
                        Map.entry("server.address", "127.0.0.1"),
                        Map.entry("logging.level.org.apache.kafka", "OFF"),
                        Map.entry("headwater.reads.most-cost", "5000"),
                        Map.entry("headwater.reads.most-summary-cost", "8000"),
                        Map.entry("headwater.changes.ring-events", "100"),
                        Map.entry("headwater.changes.heartbeat", "1s"),
                        Map.entry("headwater.changes.stall", "5s"),
                        Map.entry("HEADWATER_RELAY_URL", "http://127.0.0.1:1"),
                        Map.entry("HEADWATER_PROJECTION_URL", cluster.jdbcUrl()),
                        Map.entry("HEADWATER_PROJECTION_USER", "headwater_projection"),
                        Map.entry("HEADWATER_PROJECTION_PASSWORD", cluster.password()),
                        Map.entry("HEADWATER_MIGRATION_USER", "headwater_owner"),
                        Map.entry("HEADWATER_MIGRATION_PASSWORD", cluster.password()),
                        Map.entry("HEADWATER_QUERY_URL", cluster.standbyJdbcUrl()),
                        Map.entry("HEADWATER_QUERY_USER", "headwater_query"),
                        Map.entry("HEADWATER_QUERY_PASSWORD", cluster.password()),
                        Map.entry("HEADWATER_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
                        Map.entry("HEADWATER_JWT_PUBLIC_KEY_LOCATION", pem.toUri().toString())));
        spring.addInitializers(
                context -> context.getBeanFactory().addBeanPostProcessor(statements));
        return spring.run("--server.port=0");
    }

    public LocalCluster cluster() {
        return cluster;
    }

    public ReadTables tables() {
        return tables;
    }

    /// What is asked of the database by queries.
    public CountedStatements statements() {
        return statements;
    }

    public <T> T bean(Class<T> type) {
        return application.getBean(type);
    }

    public <T> T bean(Class<T> type, String name) {
        return application.getBean(name, type);
    }

    public int port() {
        return Integer.parseInt(
                application.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /// Sees to it that the standby has all that was written to the primary.
    public void replicate() {
        cluster.standby().awaitCaughtUp(Duration.ofSeconds(30));
    }

    public PGSimpleDataSource primary(String user) {
        return dataSource(cluster.jdbcUrl(), user);
    }

    public PGSimpleDataSource standby(String user) {
        return dataSource(cluster.standbyJdbcUrl(), user);
    }

    private PGSimpleDataSource dataSource(String url, String user) {
        var source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(cluster.password());
        return source;
    }

    public void superuser(String sql) throws SQLException {
        try (Connection connection = cluster.superuser();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public static ModelDefinition definition(String json) {
        var faults = new Faults();
        ModelDefinition definition = ModelDefinition.read(Json.mapper().readTree(json), faults);
        if (definition == null) {
            throw new IllegalArgumentException(faults.list().toString());
        }
        return definition;
    }

    /// A token with a scope, the same each time.
    public String token(String scope) {
        return tokens.computeIfAbsent(scope, this::sign);
    }

    private String sign(String scope) {
        try {
            var jwt =
                    new SignedJWT(
                            new JWSHeader(JWSAlgorithm.RS256),
                            new JWTClaimsSet.Builder()
                                    .subject("test")
                                    .claim("scope", scope)
                                    .expirationTime(Date.from(Instant.now().plusSeconds(3600)))
                                    .build());
            jwt.sign(new RSASSASigner(key.getPrivate()));
            return jwt.serialize();
        } catch (com.nimbusds.jose.JOSEException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// An answer, its body read as JSON where it is JSON.
    public record Answer(int status, java.net.http.HttpHeaders headers, String body) {
        public JsonNode json() {
            return Json.mapper().readTree(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /// Code of the problem; the last part of its type.
        public String problem() {
            return json().path("type").asString("").replace("https://headwater.io/problems/", "");
        }
    }

    /// @param headers names and values by turns
    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Answer post(String path, String json, String... headers) {
        return send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .timeout(Duration.ofSeconds(60))
                        .setHeader("Authorization", "Bearer " + token("read"));
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Authorization")) {
                request.setHeader(headers[i], headers[i + 1]);
            } else {
                request.header(headers[i], headers[i + 1]);
            }
        }
        return request;
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(
                            request.build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException | InterruptedException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
