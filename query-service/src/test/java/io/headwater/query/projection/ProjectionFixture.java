package io.headwater.query.projection;

import io.headwater.contract.Topics;
import io.headwater.local.LocalCluster;
import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.ProjectionStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.Driver;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.unit.DataSize;

/// A real PostgreSQL pair and Kafka, started once for all tests; for each test an empty log, no
/// read schema, and projections that run in this process.
final class ProjectionFixture implements BeforeEachCallback, AfterEachCallback {
    /// For a busy machine; nothing is measured by it.
    static final Duration PATIENCE = Duration.ofMinutes(4);

    private static @Nullable LocalCluster shared;

    private final List<Running> running = new ArrayList<>();
    private @Nullable TestLog log;

    /// A projection that runs in a thread of this process.
    record Running(ProjectionLoop loop, Thread thread, ProjectionStatus status) {
        void stop() throws InterruptedException {
            loop.stop();
            thread.join();
        }
    }

    static synchronized LocalCluster cluster() {
        LocalCluster cluster = shared;
        if (cluster == null) {
            cluster = LocalCluster.builder().inTemporaryFolder().withStandby().withKafka().start();
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
            shared = cluster;
        }
        return cluster;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws SQLException {
        cluster().start(); // whatever a test has left dead
        dropSchemas();
        migrateLog();
        deleteTopic();
        log = new TestLog(cluster().bootstrapServers());
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        for (Running each : running) {
            each.stop();
        }
        running.clear();
        log().close();
    }

    TestLog log() {
        return Objects.requireNonNull(log);
    }

    ReadModel readModel() {
        return new ReadModel(cluster().jdbcUrl(), cluster().password());
    }

    ReadModel readModelOnStandby() {
        return new ReadModel(cluster().standbyJdbcUrl(), cluster().password());
    }

    Running startProjection(String instance) {
        return start(new RunningSchema(new SchemaMigration(owner())), instance, properties(5_000));
    }

    Running startProjection(String instance, int maxRows) {
        return start(
                new RunningSchema(new SchemaMigration(owner())), instance, properties(maxRows));
    }

    Running startRebuild(String instance) {
        return start(new NextSchema(owner(), properties(500).limits()), instance, properties(500));
    }

    private Running start(ProjectionTarget target, String instance, ProjectionProperties settings) {
        var status =
                new ProjectionStatus(new SimpleMeterRegistry(), instance, InstantSource.system());
        var loop =
                new ProjectionLoop(
                        target,
                        projector(),
                        cluster().bootstrapServers(),
                        instance,
                        settings,
                        status);
        var started = new Running(loop, Thread.ofPlatform().daemon().start(loop), status);
        running.add(started);
        return started;
    }

    static ProjectionProperties properties(int maxRows) {
        return new ProjectionProperties(
                null,
                maxRows,
                DataSize.ofMegabytes(8),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15));
    }

    static DataSource owner() {
        return dataSource(cluster().jdbcUrl(), "headwater_owner");
    }

    static DataSource projector() {
        return dataSource(cluster().jdbcUrl(), "headwater_projection");
    }

    private static DataSource dataSource(String url, String user) {
        var settings = new Properties();
        settings.setProperty("user", user);
        settings.setProperty("password", cluster().password());
        settings.setProperty("socketTimeout", "30");
        settings.setProperty(
                "options", "-c idle_in_transaction_session_timeout=5s -c lock_timeout=5s");
        return new SimpleDriverDataSource(new Driver(), url, settings);
    }

    static void dropSchemas() throws SQLException {
        execute("DROP SCHEMA IF EXISTS read, read_next, read_old CASCADE");
    }

    /// The log's own tables, of which the projection reads the lines of life.
    private static void migrateLog() throws SQLException {
        Flyway.configure()
                .dataSource(owner())
                .schemas("log")
                .locations("filesystem:../event-store/src/main/resources/db/migration/log")
                .load()
                .migrate();
        execute(
                "SET session_replication_role = replica; DELETE FROM log.epoch; INSERT INTO log.epoch (epoch, after_position) VALUES ('"
                        + TestLog.EPOCH
                        + "', 0)");
    }

    static void execute(String sql) throws SQLException {
        try (Connection connection = cluster().superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void deleteTopic() {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", cluster().bootstrapServers()))) {
            try {
                admin.deleteTopics(List.of(Topics.LOG)).all().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw new IllegalStateException(e);
                }
            }
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !admin.listTopics().names().get().contains(Topics.LOG));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
