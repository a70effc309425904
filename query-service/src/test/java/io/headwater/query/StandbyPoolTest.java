package io.headwater.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.headwater.local.LocalCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/// A standby that readers are connected to takes over.
class StandbyPoolTest {
    @Test
    void aConnectionToAStandbyThatBecamePrimaryIsGivenUpAndOneMadeSinceIsKept() throws Exception {
        try (var cluster = LocalCluster.builder().inTemporaryFolder().withStandby().start();
                var pool = pool(cluster)) {
            PGConnection before = serverOf(pool);
            assertThat(serverOf(pool)).as("while it is a standby").isSameAs(before);

            try (var standby = cluster.standby().superuser();
                    var statement = standby.createStatement()) {
                statement.execute("SELECT pg_promote()");
            }
            assertThat(serverOf(pool)).as("it has not yet heard of it").isSameAs(before);
            PGConnection after = serverOf(pool);
            assertThat(after).isNotSameAs(before);
            assertThat(serverOf(pool)).as("there is no standby").isSameAs(after);
        }
    }

    private static StandbyPool pool(LocalCluster cluster) {
        Awaitility.await("the standby has the database and its roles")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> {
                    cluster.standby().awaitCaughtUp(Duration.ofMinutes(1));
                    return true;
                });
        var config = new HikariConfig();
        config.setJdbcUrl(
                "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/headwater"
                        .formatted(cluster.primary().port(), cluster.standby().port()));
        config.setUsername("headwater_query");
        config.setPassword(cluster.password());
        config.addDataSourceProperty("targetServerType", "preferSecondary");
        config.setMaximumPoolSize(1);
        return StandbyPool.of(config);
    }

    /// What the pool gives, after a query on it.
    private static PGConnection serverOf(StandbyPool pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            return connection.unwrap(PGConnection.class);
        }
    }
}
