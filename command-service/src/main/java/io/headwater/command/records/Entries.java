package io.headwater.command.records;

import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.UniqueValue;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.RecordEvent.RecordChanged;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordEvent.RecordDeleted;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Last step of a decision: the events, at most one for each record, with the tags that they are
/// found by.
final class Entries {
    private final Drafts drafts;
    private final Set<UniqueValue> claimed = new HashSet<>();

    Entries(Drafts drafts) {
        this.drafts = drafts;
    }

    List<Entry> all() {
        for (Draft draft : drafts.all()) {
            draft.model.fields().values().forEach(field -> claim(draft, field));
        }
        var entries = new ArrayList<Entry>();
        for (Draft draft : drafts.all()) {
            Entry entry = entry(draft);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private void claim(Draft draft, Field field) {
        JsonNode value = draft.after(field.name());
        if (field.unique() && value != null && draft.differs(field.name())) {
            claimed.add(unique(draft, field, value));
        }
    }

    private @Nullable Entry entry(Draft draft) {
        ObjectNode fields = draft.fields;
        long revision = revision(draft);
        if (fields == null) {
            return draft.existed()
                    ? new Entry(
                            new RecordDeleted(
                                    draft.record, draft.modelVersion, revision, draft.validFrom),
                            tags(draft))
                    : null;
        }
        if (!draft.existed()) {
            return new Entry(
                    new RecordCreated(
                            draft.record, draft.modelVersion, revision, fields, draft.validFrom),
                    tags(draft));
        }
        return draft.isUnchanged()
                ? null
                : new Entry(
                        new RecordChanged(
                                draft.record,
                                draft.modelVersion,
                                revision,
                                fields,
                                draft.changed(),
                                draft.validFrom),
                        tags(draft));
    }

    private static long revision(Draft draft) {
        return draft.stored == null ? 1 : draft.stored.revision() + 1;
    }

    private Set<EventTag> tags(Draft draft) {
        Set<EventTag> tags = new HashSet<>();
        tags.add(EventTag.record(draft.record));
        for (Field field : draft.model.fields().values()) {
            JsonNode before = draft.before(field.name());
            JsonNode after = draft.after(field.name());
            if (field.unique()) {
                if (after != null) {
                    tags.add(EventTag.unique(unique(draft, field, after)));
                }
                // The newest event of a value must be that of its holder, so where another record
                // of the same command takes the value over, its event alone bears the tag.
                if (before != null && !claimed.contains(unique(draft, field, before))) {
                    tags.add(EventTag.unique(unique(draft, field, before)));
                }
            }
            if (field.type() instanceof Reference reference) {
                reference(tags, reference, before);
                reference(tags, reference, after);
            }
        }
        return tags;
    }

    private static void reference(
            Set<EventTag> tags, Reference reference, @Nullable JsonNode value) {
        if (value != null) {
            tags.add(
                    EventTag.reference(
                            new RecordRef(reference.to(), new RecordId(value.asString()))));
        }
    }

    private static UniqueValue unique(Draft draft, Field field, JsonNode value) {
        return new UniqueValue(draft.record.model(), field.name(), value.asString());
    }
}
