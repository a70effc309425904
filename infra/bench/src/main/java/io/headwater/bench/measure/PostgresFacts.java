package io.headwater.bench.measure;

import io.headwater.local.LocalCluster;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a database says of itself, as far as it bears on speed.
public final class PostgresFacts {
    private static final List<String> SETTINGS =
            List.of(
                    "server_version",
                    "fsync",
                    "synchronous_commit",
                    "full_page_writes",
                    "wal_level",
                    "wal_sync_method",
                    "shared_buffers",
                    "max_wal_size",
                    "archive_mode");

    private PostgresFacts() {}

    /// @throws IllegalStateException if it does not flush to the disk: such figures would be worth
    ///   nothing
    public static Map<String, String> of(LocalCluster cluster) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                try (ResultSet row = statement.executeQuery("SHOW " + setting)) {
                    row.next();
                    facts.put(setting, row.getString(1));
                }
            }
        }
        if (!"on".equals(facts.get("fsync")) || !"on".equals(facts.get("synchronous_commit"))) {
            throw new IllegalStateException(
                    "PostgreSQL runs with fsync "
                            + facts.get("fsync")
                            + " and synchronous_commit "
                            + facts.get("synchronous_commit")
                            + "; both must be on for figures that mean something.");
        }
        return facts;
    }
}
