package io.headwater.relay;

import io.headwater.local.LocalCluster;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/// The yardstick: the driver's replication stream, each message of `pgoutput` looked at no further
/// than to count its rows.
final class RawReader implements AutoCloseable {
    private final Connection connection;
    private final PGReplicationStream stream;

    RawReader(LocalCluster cluster, String slot, String role) throws SQLException {
        var properties = new Properties();
        PGProperty.USER.set(properties, role);
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

    /// Reads until so many rows are inserted.
    ///
    /// @return nanoseconds from the first message to the last
    long read(long rows) throws SQLException {
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
        return System.nanoTime() - began;
    }

    @Override
    public void close() throws SQLException {
        stream.close();
        connection.close();
    }
}
