package io.headwater.command.records;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Inquiry;
import io.headwater.contract.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Decides what becomes of records. Pure.
public final class RecordDecider {
    private RecordDecider() {}

    /// Does all operations or none.
    public static Decision<List<Written>> decide(ChangeRecords command, Inquiry log) {
        var findings = new Findings();
        var drafts = drafts(command, log, findings);
        if (!log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        return findings.isEmpty()
                ? new Decision.Accepted<>(new Entries(drafts).all(), written(command, drafts))
                : new Decision.Refused<>(findings.refusal(command.operations().size()));
    }

    private static Drafts drafts(ChangeRecords command, Inquiry log, Findings findings) {
        var drafts = new Drafts(log);
        new Applying(command, log, drafts, findings).all();
        new Spreading(command, log, drafts, findings).all();
        new Owing(command, log, drafts, findings).all();
        return drafts;
    }

    /// What came of operations of which some were left out.
    ///
    /// @param written of the others, in their order
    /// @param refused what was wrong, by index of the operation
    public record Sifted(List<Written> written, SortedMap<Integer, List<Fault>> refused) {}

    /// Does those operations with which nothing is wrong, as if the others had not been asked for.
    public static Decision<Sifted> sift(ChangeRecords command, Inquiry log) {
        SortedMap<Integer, List<Fault>> refused = new TreeMap<>();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < command.operations().size(); i++) {
            left.add(i);
        }
        while (true) {
            var rest =
                    new ChangeRecords(
                            left.stream().map(command.operations()::get).toList(),
                            command.locals());
            var findings = new Findings();
            var drafts = drafts(rest, log, findings);
            if (!log.open().isEmpty()) {
                return new Decision.Undecided<>(log.open());
            }
            if (findings.isEmpty()) {
                return new Decision.Accepted<>(
                        new Entries(drafts).all(), new Sifted(written(rest, drafts), refused));
            }
            var faults = findings.byOperation();
            List<Integer> right = new ArrayList<>();
            for (int i = 0; i < left.size(); i++) {
                List<Fault> wrong = faults.get(i);
                if (wrong == null) {
                    right.add(left.get(i));
                } else {
                    refused.put(left.get(i), wrong);
                }
            }
            left = right;
        }
    }

    private static List<Written> written(ChangeRecords command, Drafts drafts) {
        var written = new ArrayList<Written>(command.operations().size());
        for (Operation operation : command.operations()) {
            Draft draft = drafts.find(operation.record());
            if (draft == null) {
                throw new IllegalStateException("No draft of " + operation.record());
            }
            written.add(written(draft));
        }
        return written;
    }

    private static Written written(Draft draft) {
        long before = draft.stored == null ? 0 : draft.stored.revision();
        if (!draft.exists()) {
            // What the same command creates and deletes was never there.
            return new Written(
                    Written.Change.DELETED, draft.record, draft.existed() ? before + 1 : before);
        }
        if (!draft.existed()) {
            return new Written(Written.Change.CREATED, draft.record, before + 1);
        }
        return draft.isUnchanged()
                ? new Written(Written.Change.UNCHANGED, draft.record, before)
                : new Written(Written.Change.CHANGED, draft.record, before + 1);
    }
}
