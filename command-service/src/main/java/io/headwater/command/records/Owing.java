package io.headwater.command.records;

import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.RecordState;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.command.ledger.UniqueValue;
import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Third step of a decision: what records owe one another once all operations are done. References
/// lead to records that are there; a unique value is in one record.
final class Owing {
    private final ChangeRecords command;
    private final Inquiry log;
    private final Drafts drafts;
    private final Findings findings;
    private final Map<UniqueValue, Draft> claims = new HashMap<>();

    Owing(ChangeRecords command, Inquiry log, Drafts drafts, Findings findings) {
        this.command = command;
        this.log = log;
        this.drafts = drafts;
        this.findings = findings;
    }

    void all() {
        for (Draft draft : drafts.all()) {
            if (!draft.faulty && draft.exists()) {
                for (Field field : draft.model.fields().values()) {
                    check(draft, field, draft.after(field.name()));
                }
            }
        }
    }

    private void check(Draft draft, Field field, @Nullable JsonNode value) {
        if (value == null) {
            return;
        }
        if (field.unique()) {
            unique(draft, field, value);
        }
        if (field.type() instanceof Reference reference && draft.differs(field.name())) {
            reference(draft, field, new RecordRef(reference.to(), new RecordId(value.asString())));
        }
    }

    private void reference(Draft draft, Field field, RecordRef target) {
        Draft other = drafts.find(target);
        boolean resolved =
                other == null
                        ? !Boolean.FALSE.equals(log.isPresent(target))
                        : other.faulty || other.exists() || other.stored == null;
        if (!resolved) {
            find(
                    draft,
                    field,
                    Reason.UNRESOLVED_REFERENCE,
                    "unresolved-reference",
                    "There is no record %s to refer to".formatted(target));
        }
    }

    private void unique(Draft draft, Field field, JsonNode value) {
        var claim = new UniqueValue(draft.record.model(), field.name(), value.asString());
        Draft rival = claims.putIfAbsent(claim, draft);
        if (rival != null) {
            // Whoever has the value from before is in the right.
            if (draft.differs(field.name())) {
                taken(draft, field, claim, rival.record);
            } else {
                claims.put(claim, draft);
                taken(rival, field, claim, draft.record);
            }
            return;
        }
        if (draft.differs(field.name())) {
            List<RecordRef> holders = log.holders(claim);
            for (RecordRef holder : holders == null ? List.<RecordRef>of() : holders) {
                if (!holder.equals(draft.record) && holds(holder, claim)) {
                    taken(draft, field, claim, holder);
                    return;
                }
            }
        }
    }

    /// Whether the record, if the command does not touch it, has the value. One that the command
    /// touches makes a claim of its own.
    private boolean holds(RecordRef holder, UniqueValue claim) {
        Draft draft = drafts.find(holder);
        if (draft != null) {
            return false;
        }
        RecordState state = log.record(holder);
        ObjectNode fields = state == null ? null : state.fields();
        JsonNode value = fields == null ? null : fields.get(claim.field());
        return value != null && value.asString().equals(claim.value());
    }

    private void taken(Draft draft, Field field, UniqueValue claim, RecordRef holder) {
        find(
                draft,
                field,
                Reason.NOT_UNIQUE,
                "not-unique",
                "The record %s has \"%s\" already, and %s is unique"
                        .formatted(holder, Excerpt.of(claim.value()), field.name()));
    }

    private void find(Draft draft, Field field, Reason reason, String code, String detail) {
        String at = command.operations().get(draft.operation).place().fields();
        findings.add(
                draft.operation, reason, new Fault(Faults.member(at, field.name()), code, detail));
    }
}
