package io.headwater.command.imports;

import io.headwater.command.imports.ImportParameters.Existing;
import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.ModelState;
import io.headwater.command.ledger.RecordState;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.records.ChangeRecords;
import io.headwater.command.records.Operation;
import io.headwater.command.records.RecordDecider;
import io.headwater.command.records.Written;
import io.headwater.command.rows.Layout;
import io.headwater.command.rows.Row;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.contract.ImportId;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.contract.RejectedRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what becomes of the rows of a chunk: each by itself, after those before it. Pure.
final class ChunkDecider {
    private final ImportId id;
    private final ModelName model;
    private final ImportParameters parameters;
    private final Chunk chunk;
    private final Inquiry log;
    private List<Operation> operations = new ArrayList<>();

    /// Row of each operation, by index in the chunk.
    private List<Integer> rows = new ArrayList<>();

    private final Map<Integer, List<Fault>> faults = new TreeMap<>();
    private int skipped;

    ChunkDecider(
            ImportId id, ModelName model, ImportParameters parameters, Chunk chunk, Inquiry log) {
        this.id = id;
        this.model = model;
        this.parameters = parameters;
        this.chunk = chunk;
        this.log = log;
    }

    /// What became of the rows.
    ///
    /// @param entries to append
    record Decided(
            List<Entry> entries,
            int created,
            int changed,
            int skipped,
            List<RejectedRow> rejected) {}

    /// @return the entries are in the result, not appended yet
    Decision<Decided> decide() {
        return switch (log.model(model)) {
            case null -> new Decision.Undecided<>(log.open());
            case ModelState.Unknown _ ->
                    refused(Refusal.Reason.UNKNOWN_MODEL, "There is no model " + model);
            case ModelState.Retired _ ->
                    refused(
                            Refusal.Reason.MODEL_RETIRED,
                            "The model " + model + " is retired and takes no more records");
            case ModelState.Live live -> decide(live);
        };
    }

    private static Decision<Decided> refused(Refusal.Reason reason, String detail) {
        return new Decision.Refused<>(new Refusal(reason, detail, List.of()));
    }

    private Decision<Decided> decide(ModelState.Live live) {
        var layout = new Layout(live.definition(), parameters.layout());
        for (int i = 0; i < chunk.rows().size(); i++) {
            take(i, chunk.rows().get(i), layout);
        }
        refuseReferencesToLaterRows(live);
        var changes = new ChangeRecords(operations, Map.of());
        return switch (RecordDecider.sift(changes, log)) {
            case Decision.Undecided<RecordDecider.Sifted>(var questions) ->
                    new Decision.Undecided<>(questions);
            case Decision.Refused<RecordDecider.Sifted>(var refusal) ->
                    new Decision.Refused<>(refusal);
            case Decision.Accepted<RecordDecider.Sifted>(var entries, var sifted) -> {
                sifted.refused().forEach((operation, found) -> reject(rows.get(operation), found));
                yield new Decision.Accepted<>(List.of(), decided(entries, sifted.written()));
            }
        };
    }

    private void take(int index, Row row, Layout layout) {
        Layout.Laid laid;
        switch (row) {
            case Row.Unreadable unreadable -> {
                reject(index, List.of(unreadable.fault()));
                return;
            }
            case Row.Members members -> laid = layout.lay(members);
            case Row.Cells cells ->
                    laid = layout.lay(cells, chunk.header() == null ? List.of() : chunk.header());
        }
        if (!laid.faults().isEmpty()) {
            reject(index, laid.faults());
            return;
        }
        RecordId given = laid.id();
        var record = new RecordRef(model, given == null ? generated(row) : given);
        if (parameters.existing() == Existing.SKIP) {
            RecordState stored = log.record(record);
            if (stored != null && stored.exists()) {
                skipped++;
                return;
            }
        }
        rows.add(index);
        operations.add(operation(record, laid.fields(), laid.validFrom()));
    }

    private Operation operation(RecordRef record, ObjectNode fields, @Nullable Instant validFrom) {
        return parameters.existing() == Existing.REPLACE
                ? new Operation.Put(
                        record, fields, new Expected.Anything(), Operation.Place.BODY, validFrom)
                : new Operation.Create(record, fields, Operation.Place.BODY, validFrom);
    }

    /// The same row of the same import always gets the same id, however often it is read.
    private RecordId generated(Row row) {
        return new RecordId(
                NamedUuid.of("row", id.toString(), Long.toString(row.line())).toString());
    }

    /// Whether two rows share a chunk must not matter. So a row sees only what is before it.
    private void refuseReferencesToLaterRows(ModelState.Live live) {
        var references =
                live.definition().fields().values().stream()
                        .filter(field ->
                                field.type() instanceof FieldType.Reference reference
                                        && reference.to().equals(model))
                        .toList();
        if (references.isEmpty()) {
            return;
        }
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            places.put(operations.get(i).record().id().value(), i);
        }
        var keptOperations = new ArrayList<Operation>();
        var keptRows = new ArrayList<Integer>();
        for (int i = 0; i < operations.size(); i++) {
            var found = new Faults();
            for (var field : references) {
                JsonNode value = fields(operations.get(i)).get(field.name());
                Integer place = value == null ? null : places.get(value.asString(""));
                if (place != null && place > i && isAbsent(operations.get(place).record())) {
                    found.add(
                            Faults.member("", field.name()),
                            "unresolved-reference",
                            "There is no record %s to refer to yet; it comes later in the file, on line %,d"
                                    .formatted(
                                            operations.get(place).record(),
                                            chunk.rows().get(rows.get(place)).line()));
                }
            }
            if (found.isEmpty()) {
                keptOperations.add(operations.get(i));
                keptRows.add(rows.get(i));
            } else {
                reject(rows.get(i), found.list());
            }
        }
        operations = keptOperations;
        rows = keptRows;
    }

    private boolean isAbsent(RecordRef record) {
        return Boolean.FALSE.equals(log.isPresent(record));
    }

    private static JsonNode fields(Operation operation) {
        return switch (operation) {
            case Operation.Create create -> create.fields();
            case Operation.Put put -> put.fields();
            case Operation.Patch patch -> patch.patch();
            case Operation.Delete _ -> throw new IllegalStateException("a row deletes nothing");
        };
    }

    private void reject(int index, List<Fault> found) {
        faults.put(index, found);
    }

    private Decided decided(List<Entry> entries, List<Written> written) {
        int created = 0;
        int changed = 0;
        int unchanged = 0;
        for (Written one : written) {
            switch (one.change()) {
                case CREATED -> created++;
                case CHANGED -> changed++;
                case UNCHANGED -> unchanged++;
                case DELETED -> throw new IllegalStateException("a row deletes nothing");
            }
        }
        var rejected = new ArrayList<RejectedRow>(faults.size());
        faults.forEach((index, found) -> rejected.add(rejected(chunk.rows().get(index), found)));
        return new Decided(entries, created, changed, skipped + unchanged, rejected);
    }

    private static RejectedRow rejected(Row row, List<Fault> found) {
        boolean cut = row instanceof Row.Unreadable unreadable && unreadable.cut();
        return new RejectedRow(row.line(), row.raw(), cut, found);
    }
}
