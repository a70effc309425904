package io.headwater.relay;

import io.debezium.connector.postgresql.PostgresConnector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/// Follows the replication slot with Debezium's PostgreSQL connector, whose task it drives itself.
///
/// Starts at an LSN that is the end of a commit and gives whole rows in WAL order from there; after
/// a restart in the middle of a transaction the whole transaction comes again. Tells the server
/// nothing of its own accord: only [#acknowledge] lets it forget WAL. Used by one thread; Debezium
/// reads and decodes on another.
final class WalReader implements AutoCloseable {
    // What Debezium calls the keys of its offsets.
    private static final String LSN = "lsn";
    private static final String LSN_PROCESSED = "lsn_proc";
    private static final String LSN_OF_COMMIT = "lsn_commit";

    private static final String MESSAGE_PREFIX = "headwater-relay";

    /// Puts a message into the WAL that every reader of the slot meets.
    static final String SIGN_OF_LIFE =
            "SELECT pg_logical_emit_message(true, '" + MESSAGE_PREFIX + "', '')";

    private final ConnectorTask task;
    private final LogSequenceNumber start;
    private volatile @Nullable LogSequenceNumber acknowledged;

    /// What was read at once.
    ///
    /// @param alive whether anything was read, be it a mere sign of life
    /// @param committed end of the newest commit that was read whole; null if that is not known
    record Batch(boolean alive, List<StoredEvent> events, @Nullable LogSequenceNumber committed) {}

    /// Connects and starts to read.
    WalReader(LogServer.Address address, RelayProperties.Relay relay, LogSequenceNumber start) {
        this.start = start;
        var settings = settings(address, relay);
        task = new ConnectorTask(relay.maxBatch());
        task.initialize(new Context(settings, this));
        task.start(settings);
    }

    /// Waits for events for a tenth of a second; gives what there is, perhaps nothing.
    ///
    /// @throws org.apache.kafka.connect.errors.ConnectException if reading has ended; this reader
    ///   is of no more use
    Batch poll() throws InterruptedException {
        var records = task.poll();
        if (records == null || records.isEmpty()) {
            return new Batch(false, List.of(), null);
        }
        var events = new ArrayList<StoredEvent>(records.size());
        for (var record : records) {
            var event = event(record);
            if (event != null) {
                events.add(event);
            }
        }
        return new Batch(true, events, committed(records.getLast()));
    }

    /// Lets the server forget the WAL before there; takes effect at the next [#poll].
    ///
    /// @param lsn end of a commit whose events, and all before, are on Kafka
    void acknowledge(LogSequenceNumber lsn) throws InterruptedException {
        acknowledged = lsn;
        task.commit();
    }

    @Override
    public void close() {
        task.stop();
    }

    private static @Nullable LogSequenceNumber committed(SourceRecord record) {
        // In the middle of a transaction this is still the commit before.
        return record.sourceOffset().get(LSN_OF_COMMIT) instanceof Long lsn
                ? LogSequenceNumber.valueOf(lsn)
                : null;
    }

    private static @Nullable StoredEvent event(SourceRecord record) {
        if (!(record.value() instanceof Struct value) || value.schema().field("after") == null) {
            return null; // a heartbeat or a logical message
        }
        var row = value.getStruct("after");
        return new StoredEvent(
                row.getInt64("position"),
                row.getString("id"),
                row.getString("type"),
                row.getInt64("at_micros"),
                row.getString("payload"),
                row.getString("metadata"));
    }

    /// With an LSN alone Debezium starts there and filters nothing; with more it first searches the
    /// WAL for where it was, which waits for the next event and goes by LSN where positions are
    /// surer.
    private Map<String, Object> offset() {
        var offset = new HashMap<String, Object>();
        var lsn = acknowledged;
        offset.put(LSN, (lsn == null ? start : lsn).asLong());
        if (lsn != null) {
            offset.put(LSN_PROCESSED, lsn.asLong());
            offset.put(LSN_OF_COMMIT, lsn.asLong());
        }
        return offset;
    }

    private static Map<String, String> settings(
            LogServer.Address address, RelayProperties.Relay relay) {
        var settings = new HashMap<String, String>();
        settings.put("name", "headwater");
        settings.put("connector.class", PostgresConnector.class.getName());
        settings.put("topic.prefix", "headwater");
        settings.put("database.hostname", address.host());
        settings.put("database.port", Integer.toString(address.port()));
        settings.put("database.dbname", address.database());
        settings.put("database.user", address.user());
        settings.put("database.password", address.password());
        address.options().forEach((name, value) -> settings.put("driver." + name, value));
        settings.put("plugin.name", "pgoutput");
        settings.put("slot.name", relay.slot());
        settings.put("slot.failover", "true");
        settings.put("publication.name", relay.publication());
        settings.put("publication.autocreate.mode", "disabled");
        settings.put("table.include.list", "log.event");
        settings.put("column.exclude.list", "log.event.tags,log.event.version,log.event.hash");
        settings.put("snapshot.mode", "no_data");
        settings.put("skipped.operations", "u,d,t");
        settings.put("tombstones.on.delete", "false");
        settings.put("provide.transaction.metadata", "false");
        settings.put("schema.refresh.mode", "columns_diff_exclude_unchanged_toast");
        settings.put("message.prefix.include.list", MESSAGE_PREFIX);
        // The slot is moved by acknowledge() alone. connector_and_driver moves it past what Kafka
        // has.
        settings.put("lsn.flush.mode", "connector");
        settings.put("heartbeat.interval.ms", Long.toString(relay.heartbeat().toMillis()));
        // Other tables' WAL holds no event and would never be acknowledged in an idle log.
        settings.put("heartbeat.action.query", SIGN_OF_LIFE);
        settings.put("poll.interval.ms", Long.toString(relay.pollInterval().toMillis()));
        settings.put("max.batch.size", Integer.toString(ConnectorTask.BATCH));
        settings.put("max.queue.size", Integer.toString(relay.maxBatch() * 2));
        settings.put("max.queue.size.in.bytes", Long.toString(relay.maxInFlight().toBytes()));
        settings.put("status.update.interval.ms", "1000");
        // Errors are for the relay, which starts again from the place.
        settings.put("errors.max.retries", "0");
        settings.put("slot.max.retries", "0");
        return settings;
    }

    private record Context(Map<String, String> configs, WalReader reader)
            implements SourceTaskContext, OffsetStorageReader {
        @Override
        public OffsetStorageReader offsetStorageReader() {
            return this;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException("Outside Kafka Connect there are none.");
        }

        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            return reader.offset();
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(
                Collection<Map<String, T>> partitions) {
            var offsets = new HashMap<Map<String, T>, Map<String, Object>>();
            partitions.forEach(partition -> offsets.put(partition, reader.offset()));
            return offsets;
        }
    }
}
