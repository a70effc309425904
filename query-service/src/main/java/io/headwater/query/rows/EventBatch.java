package io.headwater.query.rows;

import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events that follow each other in the log, none of them about a model, to be committed together.
/// Not safe for concurrent use.
public final class EventBatch {
    private final ModelCatalogue catalogue;
    private final List<Event> events = new ArrayList<>();
    private final Map<ModelName, RecordChanges> changes = new LinkedHashMap<>();
    private long bytes;

    /// @param record null for an event that changes no table
    public record Event(LogRecord origin, @Nullable RecordEvent record) {}

    public EventBatch(ModelCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// @throws UnappliableException if the event does not follow on those in the batch; then it is
    ///   not in it
    public void add(Event event) {
        RecordEvent change = event.record();
        if (change != null) {
            ModelName model = change.record().model();
            catalogue.layout(model);
            changes.computeIfAbsent(model, _ -> new RecordChanges()).add(change, event.origin());
        }
        events.add(event);
        bytes += event.origin().bytes();
    }

    public boolean isEmpty() {
        return events.isEmpty();
    }

    public int size() {
        return events.size();
    }

    /// Size of all payloads.
    public long bytes() {
        return bytes;
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    public LogRecord last() {
        return events.getLast().origin();
    }

    /// Writes the rows, in the connection's transaction.
    ///
    /// @throws UnappliableException if the tables are not as the events expect, or a value does not
    ///   fit; roll back
    public void write(Connection connection) throws SQLException {
        for (var entry : changes.entrySet()) {
            write(connection, catalogue.layout(entry.getKey()), entry.getValue());
        }
    }

    private static void write(Connection connection, TableLayout layout, RecordChanges changes)
            throws SQLException {
        var inserts = new ArrayList<RecordChanges.Change>();
        var updates = new ArrayList<RecordChanges.Change>();
        var deletes = new ArrayList<RecordChanges.Change>();
        for (RecordChanges.Change change : changes.all()) {
            boolean wasThere = change.base() > 0;
            if (change.written() != null) {
                (wasThere ? updates : inserts).add(change);
            } else if (wasThere) {
                deletes.add(change);
            }
        }
        // While the rows of before are still there.
        new HistoryRows(connection, layout).write(updates, deletes, inserts, changes.ended());
        if (!inserts.isEmpty()) {
            RecordRows.of(layout, inserts).insert(connection);
        }
        if (!updates.isEmpty()) {
            requireAll(updates.size(), RecordRows.of(layout, updates).update(connection));
        }
        if (!deletes.isEmpty()) {
            requireAll(deletes.size(), delete(connection, layout, deletes));
        }
    }

    private static int delete(
            Connection connection, TableLayout layout, List<RecordChanges.Change> deletes)
            throws SQLException {
        Object[] ids = deletes.stream().map(RecordChanges.Change::id).toArray(String[]::new);
        Object[] bases = deletes.stream().map(RecordChanges.Change::base).toArray(Long[]::new);
        try (PreparedStatement statement = connection.prepareStatement(layout.delete())) {
            statement.setArray(1, connection.createArrayOf("text", ids));
            statement.setArray(2, connection.createArrayOf("int8", bases));
            return statement.executeUpdate();
        }
    }

    private static void requireAll(int expected, int written) {
        if (written != expected) {
            throw new UnappliableException(
                    "the read model does not have the record at the revision before it");
        }
    }
}
