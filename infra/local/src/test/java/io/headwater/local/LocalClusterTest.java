package io.headwater.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LocalClusterTest {
    @Test
    void everythingStartsReplicatesAndComesBackAfterAKill() throws Exception {
        try (var cluster =
                LocalCluster.builder().inTemporaryFolder().withStandby().withKafka().start()) {
            execute(cluster, "CREATE TABLE t (n int)");
            execute(cluster, "INSERT INTO t VALUES (1)");
            assertThat(onStandby(cluster, "SELECT count(*) FROM t")).isEqualTo("1");
            assertThat(onStandby(cluster, "SELECT pg_is_in_recovery()")).isEqualTo("t");

            cluster.primary().kill();
            assertThat(cluster.primary().isAlive()).isFalse();
            cluster.primary().start();
            execute(cluster, "INSERT INTO t VALUES (2)");
            cluster.standby().kill();
            cluster.standby().start();
            assertThat(onStandby(cluster, "SELECT sum(n) FROM t")).isEqualTo("3");

            cluster.kafka().kill();
            cluster.kafka().start();
            assertThat(cluster.kafka().isAlive()).isTrue();
        }
    }

    /// What a killed server had just forked holds its port and its memory for a moment more.
    @Test
    void aServerKilledInTheMiddleOfManyConnectionsStartsAgainAtOnce() throws Exception {
        try (var cluster = LocalCluster.builder().inTemporaryFolder().start();
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var stopped = new AtomicBoolean();
            for (int i = 0; i < 16; i++) {
                clients.execute(() -> connectAgainAndAgain(cluster, stopped));
            }
            try {
                for (int kill = 0; kill < 8; kill++) {
                    execute(cluster, "SELECT 1");
                    cluster.primary().kill();
                    cluster.primary().start();
                }
            } finally {
                stopped.set(true);
            }
            execute(cluster, "SELECT 1");
        }
    }

    private static void connectAgainAndAgain(LocalCluster cluster, AtomicBoolean stopped) {
        while (!stopped.get()) {
            try (Connection connection = cluster.superuser();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT count(*) FROM generate_series(1, 100000)");
            } catch (SQLException killed) {
                Thread.onSpinWait();
            }
        }
    }

    private static void execute(LocalCluster cluster, String sql) throws SQLException {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String onStandby(LocalCluster cluster, String query) throws SQLException {
        cluster.standby().awaitCaughtUp(Duration.ofSeconds(30));
        try (Connection connection = cluster.standby().superuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
