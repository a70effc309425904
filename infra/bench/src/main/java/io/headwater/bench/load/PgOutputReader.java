package io.headwater.bench.load;

import io.headwater.local.LocalCluster;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/// The yardstick of the relay: the driver's own replication stream, each message of `pgoutput`
/// looked at no further than to count its rows. Not safe for concurrent use.
public final class PgOutputReader implements AutoCloseable {
    private final Connection connection;
    private final PGReplicationStream stream;

    /// @param slot made by [#makeSlot]
    public PgOutputReader(LocalCluster cluster, String slot) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, "headwater_relay");
        PGProperty.PASSWORD.set(properties, cluster.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "17");
        connection = DriverManager.getConnection(cluster.jdbcUrl(), properties);
        stream =
                connection
                        .unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(slot)
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", "headwater")
                        .withStatusInterval(1, TimeUnit.SECONDS)
                        .start();
    }

    /// Makes a slot at the present end of the WAL.
    public static void makeSlot(LocalCluster cluster, String slot) throws SQLException {
        call(cluster, "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }

    public static void dropSlot(LocalCluster cluster, String slot) throws SQLException {
        call(cluster, "SELECT pg_drop_replication_slot('" + slot + "')");
    }

    private static void call(LocalCluster cluster, String sql) throws SQLException {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Reads until so many rows were inserted.
    ///
    /// @return rows per second, from the first message to the last
    public double perSecond(long rows) throws SQLException {
        long seen = 0;
        long began = 0;
        while (seen < rows) {
            ByteBuffer message = stream.read();
            if (began == 0) {
                began = System.nanoTime();
            }
            if (message.get() == 'I') {
                seen++;
            }
        }
        return rows / ((System.nanoTime() - began) / 1e9);
    }

    @Override
    public void close() throws SQLException {
        stream.close();
        connection.close();
    }
}
