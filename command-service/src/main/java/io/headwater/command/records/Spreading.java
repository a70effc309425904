package io.headwater.command.records;

import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.ModelState;
import io.headwater.command.ledger.RecordState;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.contract.Fault;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType.OnDelete;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordRef;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Second step of a decision: what the deletion of records means for those that refer to them.
final class Spreading {
    /// Most records that one command changes because others are deleted.
    private static final int MOST = 10_000;

    private final ChangeRecords command;
    private final Inquiry log;
    private final Drafts drafts;
    private final Findings findings;
    private final ArrayDeque<Draft> deleted = new ArrayDeque<>();
    private final Map<ModelName, Boolean> targets = new HashMap<>();
    private int reached;

    Spreading(ChangeRecords command, Inquiry log, Drafts drafts, Findings findings) {
        this.command = command;
        this.log = log;
        this.drafts = drafts;
        this.findings = findings;
    }

    void all() {
        for (Draft draft : drafts.all()) {
            boolean gone = !draft.exists() && (draft.existed() || draft.stored == null);
            if (gone && !draft.faulty) {
                deleted.add(draft);
            }
        }
        while (!deleted.isEmpty()) {
            spread(deleted.remove());
        }
    }

    private void spread(Draft target) {
        if (!targets.computeIfAbsent(target.record.model(), this::mayBeReferredTo)) {
            return;
        }
        List<RecordEvent.Written> referrers = log.referrers(target.record);
        if (referrers == null) {
            return;
        }
        for (var referrer : referrers) {
            if (log.model(referrer.record().model()) instanceof ModelState.Live model) {
                for (Field field : model.definition().fields().values()) {
                    if (field.type() instanceof Reference reference
                            && pointsTo(
                                    target.record, reference, referrer.fields().get(field.name()))
                            && !release(target, reference, field, referrer.record(), model)) {
                        return;
                    }
                }
            }
        }
    }

    /// Whether records of the model need to be asked for those that refer to them.
    private boolean mayBeReferredTo(ModelName model) {
        Set<ModelName> candidates = log.modelsReferringTo(model);
        for (ModelName other : candidates == null ? Set.<ModelName>of() : candidates) {
            if (log.model(other) instanceof ModelState.Live live
                    && live.definition().refersTo(model)) {
                return true;
            }
        }
        return false;
    }

    /// @return whether it makes sense to go on with this target
    private boolean release(
            Draft target,
            Reference reference,
            Field field,
            RecordRef referrer,
            ModelState.Live model) {
        Draft draft = drafts.find(referrer);
        if (draft == null) {
            if (reference.onDelete() == OnDelete.RESTRICT) {
                return restrict(target, field, referrer);
            }
            if (++reached > MOST) {
                return find(
                        target,
                        Reason.CASCADE_TOO_LARGE,
                        "cascade-too-large",
                        "Deleting %s reaches more than %,d records; delete those that refer to it first"
                                .formatted(target.record, MOST));
            }
            draft = drafts.take(referrer, model);
            draft.operation = target.operation;
            draft.validFrom = target.validFrom;
        }
        RecordState stored = draft.stored;
        if (stored == null || draft.faulty) {
            return true;
        }
        if (!pointsTo(target.record, reference, draft.after(field.name()))) {
            return true;
        }
        // A reference that the command itself made to what it deletes is left for the next step to
        // refuse.
        boolean pointedBefore = pointsTo(target.record, reference, draft.before(field.name()));
        if (!pointedBefore) {
            return true;
        }
        return switch (reference.onDelete()) {
            case RESTRICT -> restrict(target, field, referrer);
            case CLEAR -> {
                clear(draft, field);
                yield true;
            }
            case CASCADE -> {
                draft.fields = null;
                deleted.add(draft);
                yield true;
            }
        };
    }

    private static void clear(Draft draft, Field field) {
        ObjectNode now = draft.fields;
        if (now != null) {
            ObjectNode cleared = now.objectNode();
            cleared.setAll(now);
            cleared.remove(field.name());
            draft.fields = cleared;
        }
    }

    private boolean restrict(Draft target, Field field, RecordRef referrer) {
        return find(
                target,
                Reason.STILL_REFERENCED,
                "still-referenced",
                "%s refers to %s by its field %s; change or delete it first"
                        .formatted(referrer, target.record, field.name()));
    }

    private boolean find(Draft target, Reason reason, String code, String detail) {
        String at = command.operations().get(target.operation).place().operation();
        findings.add(target.operation, reason, new Fault(at, code, detail));
        return false;
    }

    private static boolean pointsTo(
            RecordRef target, Reference reference, @Nullable JsonNode value) {
        return value != null
                && reference.to().equals(target.model())
                && value.isString()
                && value.stringValue().equals(target.id().value());
    }
}
