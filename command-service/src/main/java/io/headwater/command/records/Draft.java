package io.headwater.command.records;

import io.headwater.command.ledger.RecordState;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.RecordRef;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A record on its way from what it is to what the command makes of it. Not safe for concurrent
/// use.
final class Draft {
    final RecordRef record;
    final int modelVersion;
    final ModelDefinition model;

    /// Null while it is not known.
    final @Nullable RecordState stored;

    /// The record as the operations so far make it; null if it is not there.
    @Nullable ObjectNode fields;

    /// The last operation on it.
    int operation;

    /// Since when the record is as that makes it; null for the time of the event.
    @Nullable Instant validFrom;

    /// Something is wrong with an operation on it, so that no more is made of it.
    boolean faulty;

    Draft(RecordRef record, int modelVersion, ModelDefinition model, @Nullable RecordState stored) {
        this.record = record;
        this.modelVersion = modelVersion;
        this.model = model;
        this.stored = stored;
        this.fields = stored == null ? null : stored.fields();
    }

    @Nullable JsonNode before(String field) {
        ObjectNode was = stored == null ? null : stored.fields();
        return was == null ? null : was.get(field);
    }

    @Nullable JsonNode after(String field) {
        return fields == null ? null : fields.get(field);
    }

    boolean differs(String field) {
        return !SameValue.test(before(field), after(field));
    }

    /// Names of the fields whose value the command changes.
    Set<String> changed() {
        var names = new LinkedHashSet<String>();
        for (String field : model.fields().keySet()) {
            if (differs(field)) {
                names.add(field);
            }
        }
        return names;
    }

    /// Whether the command leaves the record as it is. To say that it is so since another time is a
    /// change too; to say the same once more is none.
    boolean isUnchanged() {
        return changed().isEmpty()
                && (validFrom == null || (stored != null && validFrom.equals(stored.validFrom())));
    }

    boolean existed() {
        return stored != null && stored.exists();
    }

    boolean exists() {
        return fields != null;
    }
}
