package io.headwater.query.run;

import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.QueryEvent;
import io.headwater.contract.RecordEvent;
import io.headwater.query.rows.EventBatch;
import io.headwater.query.rows.LogRecord;
import io.headwater.query.rows.ModelCatalogue;
import io.headwater.query.rows.UnappliableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the log to one schema, from the checkpoint on, for as long as the lease is ours. Each
/// transaction holds rows and checkpoint, so at every moment the tables are the fold of the log up
/// to the checkpoint. Not safe for concurrent use.
public final class ProjectionRun implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProjectionRun.class);

    private final CheckpointTable checkpoint;
    private final LogReader reader;
    private final BatchLimits limits;
    private final ModelCatalogue catalogue;
    private final BatchWriter writer;
    private final LinesOfLife lines;

    /// The checkpoint once all that was taken is committed.
    private Checkpoint tail;

    private EventBatch batch;

    /// Whether a full batch went to the writer in this step.
    private boolean begun;

    /// Whether the topic is read from its beginning because its offsets did not fit.
    private boolean rescanning;

    /// @param connection in auto-commit mode, its `search_path` the schema to write to
    public ProjectionRun(
            Connection connection,
            CheckpointTable checkpoint,
            LogReader reader,
            BatchLimits limits,
            ProjectionStatus status)
            throws SQLException {
        this.checkpoint = checkpoint;
        this.reader = reader;
        this.limits = limits;
        this.catalogue = ModelCatalogue.load(connection);
        this.writer = new BatchWriter(connection, checkpoint, catalogue, status);
        this.lines = new LinesOfLife(connection);
        this.tail = checkpoint.current();
        this.batch = new EventBatch(catalogue);
    }

    /// Position of the last event in the tables.
    public long position() {
        return checkpoint.current().position();
    }

    /// Takes what is there, up to about one batch, and commits it; a full batch may be committed
    /// only in the next step.
    ///
    /// @param wait how long to wait for the first event
    /// @return events taken; after 0 nothing is under way, and the connection is free
    /// @throws AlarmException if an event cannot be applied; those before it are
    public int step(Duration wait) throws SQLException, LostLeaseException, AlarmException {
        long before = tail.position();
        Duration patience = batch.isEmpty() ? wait : Duration.ZERO;
        begun = false;
        boolean more;
        do {
            more = false;
            for (ConsumerRecord<byte[], byte[]> record : reader.poll(patience)) {
                more = take(record);
                if (!more) {
                    break;
                }
            }
            patience = Duration.ZERO;
        } while (more && !batch.isEmpty() && !begun);
        if (!begun) {
            commit();
        }
        return (int) (tail.position() - before);
    }

    /// @return whether the record after this one is next
    private boolean take(ConsumerRecord<byte[], byte[]> record)
            throws SQLException, LostLeaseException, AlarmException {
        LogRecord event;
        try {
            event = LogRecord.of(record);
        } catch (UnappliableException e) {
            commit();
            throw AlarmException.foreign(tail.position() + 1, record.offset(), e);
        }
        if (event.type().equals(EventType.LOG_REWOUND)) {
            lines.began(event.epoch());
            return true;
        }
        if (lines.isUndone(event)) {
            return true;
        }
        if (event.position() == tail.position() + 1) {
            announceNewEpoch(event);
            rescanning = false;
            apply(event);
            return true;
        }
        boolean isOld = event.position() <= tail.position();
        if (isOld && (rescanning || lines.has(event) || event.epoch().equals(tail.epoch()))) {
            return true;
        }
        commit();
        if (isOld) {
            throw AlarmException.wentBack(tail, event);
        }
        if (rescanning) {
            throw AlarmException.gap(tail.position(), event.position());
        }
        // The offset may be from another topic of this name. Only positions count.
        rescanning = true;
        reader.seekToBeginning();
        return false;
    }

    private void announceNewEpoch(LogRecord event) {
        if (!tail.epoch().isEmpty() && !tail.epoch().equals(event.epoch())) {
            log.atInfo()
                    .addKeyValue("epoch", event.epoch())
                    .addKeyValue("position", event.position())
                    .log("the log has begun a new line of life");
        }
    }

    private void apply(LogRecord event) throws SQLException, LostLeaseException, AlarmException {
        try {
            LogEvent read = read(event);
            if (read instanceof ModelEvent model) {
                commit();
                writer.commit(model, event);
            } else if (read instanceof QueryEvent query) {
                commit();
                writer.commit(query, event);
            } else {
                RecordEvent change = read instanceof RecordEvent written ? written : null;
                batch.add(new EventBatch.Event(event, change));
            }
        } catch (UnappliableException e) {
            commit();
            throw AlarmException.poison(event, e);
        }
        tail = tail.after(event);
        if (batch.size() >= limits.rows() || batch.bytes() >= limits.bytes()) {
            EventBatch full = batch;
            batch = new EventBatch(catalogue);
            begun = true;
            writer.begin(full);
        }
    }

    private void commit() throws SQLException, LostLeaseException, AlarmException {
        EventBatch taken = batch;
        if (!taken.isEmpty()) {
            batch = new EventBatch(catalogue);
        }
        writer.commit(taken);
    }

    /// @return null for an event that changes no table
    private static @Nullable LogEvent read(LogRecord event) {
        if (EventType.isRecordEvent(event.type())
                || EventType.isModelEvent(event.type())
                || EventType.isQueryEvent(event.type())) {
            try {
                return EventJson.read(event.type(), event.payload());
            } catch (IllegalArgumentException e) {
                throw new UnappliableException(String.valueOf(e.getMessage()), e);
            }
        }
        // Commands and imports name no subject. What names one and is not known is from a newer
        // version, and leaving it
        // out could leave a record wrong.
        if (event.subject() != null) {
            throw new UnappliableException(
                    "this version does not know the type, and it is about a record or a model");
        }
        return null;
    }

    @Override
    public void close() {
        writer.close();
    }
}
