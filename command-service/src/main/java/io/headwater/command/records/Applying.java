package io.headwater.command.records;

import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.ModelState;
import io.headwater.command.ledger.RecordState;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.contract.Excerpt;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.RecordRef;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// First step of a decision: does the operations one after the other on drafts, each by itself;
/// what records owe one another is looked at when all are done.
final class Applying {
    private final ChangeRecords command;
    private final Inquiry log;
    private final Drafts drafts;
    private final Findings findings;

    Applying(ChangeRecords command, Inquiry log, Drafts drafts, Findings findings) {
        this.command = command;
        this.log = log;
        this.drafts = drafts;
        this.findings = findings;
    }

    void all() {
        List<Operation> operations = command.operations();
        for (int i = 0; i < operations.size(); i++) {
            apply(i, operations.get(i));
        }
    }

    private void apply(int index, Operation operation) {
        RecordRef record = operation.record();
        switch (log.model(record.model())) {
            // What else it needs cannot be told before the model is read.
            case null -> {}
            case ModelState.Unknown _ ->
                    find(
                            index,
                            Reason.UNKNOWN_MODEL,
                            operation.place().operation(),
                            "unknown-model",
                            "There is no model " + record.model());
            case ModelState.Retired _ ->
                    find(
                            index,
                            Reason.MODEL_RETIRED,
                            operation.place().operation(),
                            "model-retired",
                            "The model %s is retired and takes no more commands"
                                    .formatted(record.model()));
            case ModelState.Live model -> {
                Draft draft = drafts.take(record, model);
                draft.operation = index;
                draft.validFrom = operation.validFrom();
                if (!draft.faulty) {
                    draft.faulty = !apply(index, operation, draft);
                }
            }
        }
    }

    /// @return whether nothing is wrong
    private boolean apply(int index, Operation operation, Draft draft) {
        return isAsExpected(index, operation, draft)
                && switch (operation) {
                    case Operation.Create create ->
                            isAbsent(index, create, draft)
                                    && write(index, create.place(), draft, create.fields());
                    case Operation.Put put -> write(index, put.place(), draft, put.fields());
                    case Operation.Patch patch ->
                            isPresent(index, patch, draft) && patch(index, patch, draft);
                    case Operation.Delete delete -> {
                        boolean present = isPresent(index, delete, draft);
                        draft.fields = null;
                        yield present;
                    }
                };
    }

    private boolean write(int index, Operation.Place place, Draft draft, JsonNode fields) {
        var faults = new Faults();
        ObjectNode canonical = draft.model.canonical(resolved(fields, draft, faults), faults);
        draft.fields = canonical;
        for (Fault fault : faults.list()) {
            findings.add(index, Reason.INVALID_RECORD, fault.under(place.fields()));
        }
        return canonical != null;
    }

    private boolean patch(int index, Operation.Patch patch, Draft draft) {
        if (!(patch.patch() instanceof ObjectNode changes)) {
            find(
                    index,
                    Reason.INVALID_RECORD,
                    patch.place().fields(),
                    "type",
                    "A patch is a JSON object with the fields that change");
            return false;
        }
        if (draft.fields == null) {
            plan(changes, draft);
            return true;
        }
        JsonNode merged = MergePatch.apply(draft.model, draft.fields, changes);
        return write(index, patch.place(), draft, merged);
    }

    /// The record is not read yet. What the patch names is enough to tell what else to read.
    private void plan(ObjectNode changes, Draft draft) {
        var scratch = new Faults();
        JsonNode given = resolved(changes, draft, scratch);
        ObjectNode partial = Json.mapper().createObjectNode();
        for (var field : draft.model.fields().values()) {
            JsonNode value = given.get(field.name());
            JsonNode canonical =
                    value == null || value.isNull()
                            ? null
                            : field.type().canonical(value, "", scratch);
            if (canonical != null) {
                partial.set(field.name(), canonical);
            }
        }
        draft.fields = partial;
    }

    /// With `{"$local": "a"}` in references replaced by the id of the record that is called so.
    private JsonNode resolved(JsonNode fields, Draft draft, Faults faults) {
        ObjectNode copy = null;
        for (var field : draft.model.fields().values()) {
            String local = local(fields.get(field.name()));
            if (local != null && field.type() instanceof FieldType.Reference) {
                copy =
                        copy == null
                                ? ((ObjectNode) fields).objectNode().setAll((ObjectNode) fields)
                                : copy;
                RecordRef named = command.locals().get(local);
                if (named == null) {
                    faults.add(
                            Faults.member("", field.name()),
                            "unknown-local",
                            "No operation of this command has the local name \"%s\""
                                    .formatted(Excerpt.of(local)));
                    copy.remove(field.name());
                } else {
                    copy.set(field.name(), StringNode.valueOf(named.id().value()));
                }
            }
        }
        return copy == null ? fields : copy;
    }

    private static @Nullable String local(@Nullable JsonNode value) {
        return value != null
                        && value.isObject()
                        && value.size() == 1
                        && value.get("$local") instanceof StringNode name
                ? name.stringValue()
                : null;
    }

    private boolean isAsExpected(int index, Operation operation, Draft draft) {
        RecordState stored = draft.stored;
        if (stored == null) {
            return true;
        }
        String at = operation.place().operation();
        return switch (operation.expected()) {
            case Expected.Anything _ -> true;
            case Expected.Missing _ ->
                    !stored.exists()
                            || find(
                                    index,
                                    Reason.ALREADY_THERE,
                                    at,
                                    "already-there",
                                    "The record %s is there already, at revision %d"
                                            .formatted(draft.record, stored.revision()));
            case Expected.Existing _ ->
                    stored.exists()
                            || find(
                                    index,
                                    Reason.STALE_REVISION,
                                    at,
                                    "stale-revision",
                                    "There is no record " + draft.record);
            case Expected.OneOf(var revisions) ->
                    (stored.exists() && revisions.contains(stored.revision()))
                            || find(
                                    index,
                                    Reason.STALE_REVISION,
                                    at,
                                    "stale-revision",
                                    stored.exists()
                                            ? "The record %s is at revision %d, not %s; read it again"
                                                    .formatted(
                                                            draft.record,
                                                            stored.revision(),
                                                            texts(revisions))
                                            : "There is no record " + draft.record);
        };
    }

    private boolean isAbsent(int index, Operation.Create create, Draft draft) {
        return !draft.exists()
                || find(
                        index,
                        Reason.RECORD_EXISTS,
                        create.place().operation(),
                        "record-exists",
                        "The record %s is there already".formatted(draft.record));
    }

    private boolean isPresent(int index, Operation operation, Draft draft) {
        return draft.stored == null
                || draft.exists()
                || find(
                        index,
                        Reason.UNKNOWN_RECORD,
                        operation.place().operation(),
                        "unknown-record",
                        "There is no record " + draft.record);
    }

    /// @return false, for whoever passes it on
    private boolean find(int index, Reason reason, String pointer, String code, String detail) {
        findings.add(index, reason, new Fault(pointer, code, detail));
        return false;
    }

    private static String texts(Set<Long> revisions) {
        return String.join(" or ", revisions.stream().sorted().map(String::valueOf).toList());
    }
}
