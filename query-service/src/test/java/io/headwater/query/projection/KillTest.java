package io.headwater.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is killed when: in the end the tables are the fold of the log.
class KillTest {
    private static final String READER = ServiceProcess.token("read");

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void theProjectionIsKilledAgainAndAgainUnderLoad() throws Exception {
        var random = new Random(7);
        try (var load = new Background(new Load(fixture.log(), 7))) {
            for (int round = 0; round < 5; round++) {
                var service = ServiceProcess.start("killed", folder);
                long target = fixture.log().position() + random.nextInt(2_000);
                fixture.readModel().await(target);
                service.kill();
            }
            load.stop();
        }
        try (var service = ServiceProcess.start("last", folder)) {
            requireFold();
            service.stop();
        }
    }

    @Test
    void aFrozenInstanceIsReplacedAndChangesNothingOnceItThaws() throws Exception {
        try (var load = new Background(new Load(fixture.log(), 8));
                var first = ServiceProcess.start("first", folder);
                var second = ServiceProcess.start("second", folder)) {
            first.awaitReady();
            second.awaitReady();
            for (int round = 0; round < 3; round++) {
                fixture.readModel().await(fixture.log().position());
                ServiceProcess leader = isLeader(first) ? first : second;
                ServiceProcess other = leader == first ? second : first;
                leader.freeze();
                Awaitility.await().atMost(ProjectionFixture.PATIENCE).until(() -> isLeader(other));
                long target = fixture.log().position() + 500;
                fixture.readModel().await(target);
                leader.thaw();
                Awaitility.await()
                        .atMost(ProjectionFixture.PATIENCE)
                        .until(() -> !isLeader(leader) && isLeader(other));
            }
            load.stop();
            requireFold();
        }
    }

    @Test
    void kafkaAndThePrimaryAreKilledUnderLoad() throws Exception {
        try (var service = ServiceProcess.start("steady", folder)) {
            var load = new Load(fixture.log(), 9);
            service.awaitReady();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 50; i++) {
                    load.append();
                }
                ProjectionFixture.cluster().kafka().kill();
                Awaitility.await()
                        .atMost(ProjectionFixture.PATIENCE)
                        .until(() ->
                                service.get("/actuator/health", "").body().contains("waiting"));
                ProjectionFixture.cluster().kafka().start();

                for (int i = 0; i < 50; i++) {
                    load.append();
                }
                long seen = fixture.readModel().position();
                fixture.readModelOnStandby().await(seen);
                ProjectionFixture.cluster().primary().stopImmediately();
                assertThat(fixture.readModelOnStandby().position()).isGreaterThanOrEqualTo(seen);
                ProjectionFixture.cluster().primary().start();
                fixture.readModel().await(load.append());
            }
            requireFold();
            Awaitility.await()
                    .atMost(ProjectionFixture.PATIENCE)
                    .until(() -> service.get("/actuator/health", "").statusCode() == 200);
        }
    }

    private static boolean isLeader(ServiceProcess service) {
        var shown = Json.mapper().readTree(service.get("/projections", READER).body());
        return shown.get(0).get("state").stringValue().equals("projecting");
    }

    private void requireFold() throws SQLException {
        fixture.readModel().await(fixture.log().position());
        assertThat(fixture.readModel().position()).isEqualTo(fixture.log().position());
        for (String model : Load.MODELS) {
            assertThat(Fold.actual(fixture.readModel(), model, Load.FIELDS))
                    .as(model)
                    .isEqualTo(Fold.expected(fixture.log().committed(), model, Load.FIELDS));
        }
    }

    /// Appends some fifty transactions a second until it is stopped.
    private static final class Background implements AutoCloseable {
        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread;

        Background(Load load) {
            thread = Thread.ofPlatform().start(() -> append(load));
        }

        private void append(Load load) {
            try {
                do {
                    load.append();
                } while (!stopping.await(20, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void stop() throws InterruptedException {
            stopping.countDown();
            thread.join();
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
