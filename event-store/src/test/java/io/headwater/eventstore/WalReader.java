package io.headwater.eventstore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/// Reads events from the WAL, as a relay does: `pgoutput` through a logical slot.
final class WalReader implements AutoCloseable {

    /// An inserted event, in the order of the WAL.
    record Inserted(long position, UUID id) {}

    private final Connection connection;
    private final PGReplicationStream stream;
    private final List<Inserted> inserted = new ArrayList<>();

    WalReader(TestDatabase database, String slot) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, "headwater_relay");
        PGProperty.PASSWORD.set(properties, database.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "17");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        connection = DriverManager.getConnection(database.url(), properties);
        PGConnection replication = connection.unwrap(PGConnection.class);
        replication
                .getReplicationAPI()
                .createReplicationSlot()
                .logical()
                .withSlotName(slot)
                .withOutputPlugin("pgoutput")
                .withTemporaryOption()
                .make();
        stream =
                replication
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(slot)
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", "headwater")
                        .start();
    }

    /// Reads until an event is at this position or after.
    List<Inserted> readUpTo(long position) throws SQLException {
        while (inserted.isEmpty() || inserted.getLast().position() < position) {
            ByteBuffer message = stream.read();
            if (message.get() == 'I') {
                message.getInt();
                message.get();
                message.getShort();
                inserted.add(
                        new Inserted(
                                Long.parseLong(column(message)), UUID.fromString(column(message))));
            }
            stream.setAppliedLSN(stream.getLastReceiveLSN());
        }
        return inserted;
    }

    private static String column(ByteBuffer message) {
        if (message.get() != 't') {
            throw new IllegalStateException("position and id are text and not null");
        }
        byte[] text = new byte[message.getInt()];
        message.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws SQLException {
        stream.close();
        connection.close();
    }
}
