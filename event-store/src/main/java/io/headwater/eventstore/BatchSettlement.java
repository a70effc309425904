package io.headwater.eventstore;

import io.headwater.eventstore.AppendSession.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Which appends of a batch go through, and where. Not safe for concurrent use.
///
/// An append is refused by an event in the log, or by an event of an append accepted before it in
/// the same batch.
final class BatchSettlement {

    private final Map<PendingAppend, Appended> places = new LinkedHashMap<>();
    private final List<PendingAppend> refused = new ArrayList<>();
    private final long head;
    private long newHead;

    private BatchSettlement(long head) {
        this.head = head;
        this.newHead = head;
    }

    /// Whether an append of the batch may be refused by another one of it, were all accepted.
    static boolean isContested(List<PendingAppend> batch) {
        if (batch.size() < 2) {
            return false;
        }
        AcceptedEvents accepted = new AcceptedEvents(0);
        for (PendingAppend append : batch) {
            // After position 0: any match in the batch counts, wherever its events will be.
            if (accepted.matchAfter(0, append.request().condition().criteria())) {
                return true;
            }
            accepted.add(append.request().events());
        }
        return false;
    }

    /// For a batch that is not contested: only the log refuses.
    static BatchSettlement ofUncontested(List<PendingAppend> batch, Verdict verdict) {
        BatchSettlement settlement = new BatchSettlement(verdict.head());
        for (int i = 0; i < batch.size(); i++) {
            settlement.settle(batch.get(i), verdict.conflicting().contains(i));
        }
        return settlement;
    }

    /// Settles conflicts inside the batch as well, in the order of the batch.
    static BatchSettlement ofContested(List<PendingAppend> batch, Verdict verdict) {
        BatchSettlement settlement = new BatchSettlement(verdict.head());
        AcceptedEvents accepted = new AcceptedEvents(verdict.head());
        for (int i = 0; i < batch.size(); i++) {
            PendingAppend append = batch.get(i);
            AppendCondition condition = append.request().condition();
            boolean refused =
                    verdict.conflicting().contains(i)
                            || accepted.matchAfter(condition.after(), condition.criteria());
            settlement.settle(append, refused);
            if (!refused) {
                accepted.add(append.request().events());
            }
        }
        return settlement;
    }

    /// For a batch that was found in the log: whatever of it is not there was refused.
    ///
    /// @param positions of the first event of each append, by its id
    static BatchSettlement found(List<PendingAppend> batch, Map<UUID, Long> positions) {
        BatchSettlement settlement = new BatchSettlement(0);
        for (PendingAppend append : batch) {
            Long first = positions.get(append.firstId());
            if (first == null) {
                settlement.refused.add(append);
            } else {
                settlement.place(append, first);
            }
        }
        return settlement;
    }

    private void settle(PendingAppend append, boolean refuse) {
        if (refuse) {
            refused.add(append);
        } else {
            place(append, newHead + 1);
        }
    }

    private void place(PendingAppend append, long first) {
        long last = first + append.request().events().size() - 1;
        places.put(append, new Appended(first, last));
        newHead = Math.max(newHead, last);
    }

    /// Last position before the batch.
    long head() {
        return head;
    }

    /// Last position after the batch.
    long newHead() {
        return newHead;
    }

    /// Those that go through, in order.
    List<PendingAppend> accepted() {
        return List.copyOf(places.keySet());
    }

    Map<PendingAppend, Appended> places() {
        return places;
    }

    List<PendingAppend> refused() {
        return refused;
    }
}
