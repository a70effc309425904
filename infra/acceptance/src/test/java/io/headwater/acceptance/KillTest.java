package io.headwater.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headwater.contract.ConsistencyToken;
import io.headwater.local.LocalPart;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Every process is killed (SIGKILL) at random under load; afterwards each acknowledged write is in
/// the log, in Kafka and in the read model once, and the order is the same everywhere.
class KillTest {
    private static final int TIMES_EACH = 3;
    private static final String MODEL = "account";
    private static final String DEFINITION =
            """
            {"fields": {"name":   {"type": "text", "required": true},
                        "amount": {"type": "decimal", "precision": 14, "scale": 2}}}
            """;

    /// Data and logs of all parts stay there if the test fails.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path home;

    @Test
    void nothingAcknowledgedIsLostRepeatedOrOutOfOrder() throws Exception {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        System.out.println("KillTest: repeat with -Dheadwater.seed=" + seed);
        try (var scene = new Scene(home)) {
            scene.define(MODEL, DEFINITION);
            try (var load = new Load(scene.commands, MODEL)) {
                load.start(8, seed);
                killEach(scene, load, new Random(seed));
                var acknowledged = load.stop();

                assertThat(load.unexpected()).as("answers nobody should get").isEmpty();
                assertThat(acknowledged).as("writes under load").hasSizeGreaterThan(500);
                settle(scene, acknowledged);
                new Laws(scene.platform.cluster(), scene.queries).hold(MODEL, acknowledged);
            }
        }
    }

    @Test
    void allKilledAtOnceComeBackWithNothingLost() throws Exception {
        try (var scene = new Scene(home)) {
            scene.define(MODEL, DEFINITION);
            try (var load = new Load(scene.commands, MODEL)) {
                load.start(8, 1);
                awaitWrites(load, 200);
                var platform = scene.platform;
                var all =
                        List.of(
                                platform.cluster().primary(),
                                platform.cluster().standby(),
                                platform.cluster().kafka(),
                                platform.command(),
                                platform.relay(),
                                platform.query());
                all.parallelStream().forEach(LocalPart::kill);
                all.forEach(LocalPart::start);
                awaitWrites(load, 200);
                var acknowledged = load.stop();

                assertThat(load.unexpected()).as("answers nobody should get").isEmpty();
                settle(scene, acknowledged);
                new Laws(platform.cluster(), scene.queries).hold(MODEL, acknowledged);
            }
        }
    }

    /// Between two kills the system does at least some work, or the kills would hit an idle one.
    private static void killEach(Scene scene, Load load, Random random) {
        var victims = new ArrayList<LocalPart>();
        for (int i = 0; i < TIMES_EACH; i++) {
            victims.add(scene.platform.relay());
            victims.add(scene.platform.query());
            victims.add(scene.platform.command());
            victims.add(scene.platform.cluster().kafka());
            victims.add(scene.platform.cluster().primary());
        }
        Collections.shuffle(victims, random);
        for (LocalPart victim : victims) {
            awaitWrites(load, 20 + random.nextInt(100));
            System.out.println(
                    "KillTest: %s kill %s after %d writes"
                            .formatted(Instant.now(), victim.name(), load.acknowledgedSoFar()));
            victim.kill();
            victim.start();
        }
        awaitWrites(load, 100);
    }

    private static void awaitWrites(Load load, int more) {
        int until = load.acknowledgedSoFar() + more;
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> load.acknowledgedSoFar() >= until);
    }

    private static void settle(Scene scene, List<Load.Acknowledged> acknowledged) {
        long last =
                acknowledged.stream().mapToLong(Load.Acknowledged::position).max().orElseThrow();
        String epoch = scene.queries.get("/models/" + MODEL).token().epoch();
        Answer answer = scene.getAtLeast(new ConsistencyToken(epoch, last), "/models/" + MODEL);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }
}
