package io.headwater.query.rows;

import io.headwater.contract.FieldType;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordEvent.RecordChanged;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordEvent.RecordDeleted;
import io.headwater.contract.RecordEvent.Written;
import io.headwater.query.tables.HistoryTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a batch does to the records of one model: to their table only the first and the last state
/// of each record count, to that of history all between them too. Not safe for concurrent use.
final class RecordChanges {
    private final Map<String, Change> byId = new LinkedHashMap<>();
    private final List<Ended> ended = new ArrayList<>();

    /// One record's way through the batch.
    ///
    /// @param base revision of its row before the batch; 0 if it had none
    /// @param revision after the batch
    /// @param modelVersion that its last event obeyed
    /// @param written its last state; null if it was deleted
    /// @param position of its last event
    /// @param at time of its last event
    /// @param createdAt time of its last creation in the batch; null if it was there before
    /// @param validFrom as the last event says; null if it does not
    /// @param first position of its first event, which ends the state before the batch
    /// @param comesAgain whether it was there once, and deleted before the batch
    record Change(
            String id,
            long base,
            long revision,
            int modelVersion,
            @Nullable Written written,
            long position,
            String at,
            @Nullable String createdAt,
            @Nullable String validFrom,
            long first,
            boolean comesAgain) {}

    /// A state that the batch began.
    ///
    /// @param until position of the event that ended it; [HistoryTable#OPEN] for the deletion of a
    ///   record that is gone
    record Ended(Change state, long until) {}

    /// @throws UnappliableException if the event does not follow on the one before it in the batch
    void add(RecordEvent event, LogRecord origin) {
        String id = event.record().id().value();
        Change before = byId.get(id);
        boolean creates = event instanceof RecordCreated;
        if (before != null) {
            requireFollows(event, before, creates);
            ended.add(new Ended(before, origin.position()));
        }
        String at = origin.time();
        Change next =
                new Change(
                        id,
                        before != null ? before.base() : creates ? 0 : event.revision() - 1,
                        event.revision(),
                        event.modelVersion(),
                        switch (event) {
                            case RecordCreated created -> created;
                            case RecordChanged changed -> changed;
                            case RecordDeleted _ -> null;
                        },
                        origin.position(),
                        at,
                        creates ? at : before == null ? null : before.createdAt(),
                        event.validFrom() == null ? null : FieldType.Moment.text(event.validFrom()),
                        before == null ? origin.position() : before.first(),
                        before == null ? creates && event.revision() > 1 : before.comesAgain());
        byId.put(id, next);
    }

    private static void requireFollows(RecordEvent event, Change before, boolean creates) {
        boolean exists = before.written() != null;
        if (exists == creates) {
            throw new UnappliableException(
                    exists ? "the record exists already" : "the record does not exist");
        }
        if (event.revision() != before.revision() + 1) {
            throw new UnappliableException(
                    "it makes revision %d, and the record is at revision %d"
                            .formatted(event.revision(), before.revision()));
        }
    }

    Collection<Change> all() {
        return byId.values();
    }

    /// States that the batch began and that are not the newest of a record that is there.
    List<Ended> ended() {
        var states = new ArrayList<>(ended);
        for (Change change : byId.values()) {
            if (change.written() == null) {
                states.add(new Ended(change, HistoryTable.OPEN));
            }
        }
        return states;
    }
}
