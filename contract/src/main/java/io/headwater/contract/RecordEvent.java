package io.headwater.contract;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something that happened to a record.
public sealed interface RecordEvent extends LogEvent {
    RecordRef record();

    /// Version of the model that the record obeyed.
    int modelVersion();

    /// Counts the changes of the record, from 1; it goes on when a deleted record is created anew.
    long revision();

    /// Since when it is so in the world, with at most microseconds; null where the command did not
    /// say, and then it is so from the time of the event on.
    @Nullable Instant validFrom();

    /// An event after which the record exists.
    sealed interface Written extends RecordEvent {
        /// The whole record after the event, canonical; not to be changed.
        ObjectNode fields();
    }

    record RecordCreated(
            RecordRef record,
            int modelVersion,
            long revision,
            ObjectNode fields,
            @Nullable Instant validFrom)
            implements Written {
        public RecordCreated(RecordRef record, int modelVersion, long revision, ObjectNode fields) {
            this(record, modelVersion, revision, fields, null);
        }
    }

    /// @param changed names of the fields that differ from before
    record RecordChanged(
            RecordRef record,
            int modelVersion,
            long revision,
            ObjectNode fields,
            Set<String> changed,
            @Nullable Instant validFrom)
            implements Written {
        public RecordChanged {
            changed = Set.copyOf(changed);
        }

        public RecordChanged(
                RecordRef record,
                int modelVersion,
                long revision,
                ObjectNode fields,
                Set<String> changed) {
            this(record, modelVersion, revision, fields, changed, null);
        }
    }

    record RecordDeleted(
            RecordRef record, int modelVersion, long revision, @Nullable Instant validFrom)
            implements RecordEvent {
        public RecordDeleted(RecordRef record, int modelVersion, long revision) {
            this(record, modelVersion, revision, null);
        }
    }
}
