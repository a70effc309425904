package io.headwater.command.records;

import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.contract.Fault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is wrong with the operations of a command. Not safe for concurrent use.
final class Findings {
    private static final int MOST = 100;

    private record Finding(int operation, Reason reason, Fault fault) {}

    private final List<Finding> found = new ArrayList<>();

    void add(int operation, Reason reason, Fault fault) {
        found.add(new Finding(operation, reason, fault));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /// What is wrong with each operation that something is wrong with.
    SortedMap<Integer, List<Fault>> byOperation() {
        var faults = new TreeMap<Integer, List<Fault>>();
        for (Finding finding : found) {
            List<Fault> of = faults.computeIfAbsent(finding.operation(), o -> new ArrayList<>());
            if (of.size() < MOST) {
                of.add(finding.fault());
            }
        }
        return faults;
    }

    /// @param operations number of operations in the command
    Refusal refusal(int operations) {
        var inOrder = new ArrayList<>(found);
        inOrder.sort(Comparator.comparingInt(Finding::operation));
        Finding first = inOrder.getFirst();
        String detail =
                operations == 1
                        ? first.fault().detail()
                        : "Operation %d of %d: %s; nothing of the command was done"
                                .formatted(first.operation(), operations, first.fault().detail());
        return new Refusal(
                first.reason(), detail, inOrder.stream().limit(MOST).map(Finding::fault).toList());
    }
}
