package io.headwater.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// A primary freezes, so that no socket tells of it, and its standby takes over.
class TakeOverTest {
    @Test
    void whoWaitsForAFrozenPrimaryIsLetGoAndFindsTheNewOne() throws Exception {
        try (var cluster = LocalCluster.builder().inTemporaryFolder().withStandby().start();
                var database = database(cluster);
                var before = database.getConnection()) {
            assertThat(port(before)).isEqualTo(cluster.primary().port());
            List<String> processes = processesOf(cluster);
            var waiting = CompletableFuture.runAsync(() -> execute(before, "SELECT pg_sleep(600)"));
            signal("STOP", processes);
            try {
                try (var standby = cluster.standby().superuser();
                        var statement = standby.createStatement()) {
                    statement.execute("SELECT pg_promote()");
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .until(waiting::isCompletedExceptionally);
                try (var after = database.getConnection()) {
                    assertThat(port(after)).isEqualTo(cluster.standby().port());
                }
            } finally {
                signal("CONT", processes);
            }
        }
    }

    private static PrimaryDatabase database(LocalCluster cluster) {
        return new PrimaryDatabase(
                "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/headwater"
                        .formatted(cluster.primary().port(), cluster.standby().port()),
                "headwater_command",
                cluster.password());
    }

    private static int port(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT current_setting('port')::int")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static List<String> processesOf(LocalCluster cluster) throws SQLException, IOException {
        var processes = new ArrayList<String>();
        try (var connection = cluster.superuser();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT pid, current_setting('data_directory') FROM pg_stat_activity")) {
            Path folder = Path.of("");
            while (rows.next()) {
                processes.add(rows.getString(1));
                folder = Path.of(rows.getString(2));
            }
            processes.addFirst(Files.readAllLines(folder.resolve("postmaster.pid")).getFirst());
        }
        return processes;
    }

    private static void signal(String name, List<String> processes) throws Exception {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        command.addAll(processes);
        new ProcessBuilder(command).start().waitFor(); // one may have ended by itself
    }

    private static void execute(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
