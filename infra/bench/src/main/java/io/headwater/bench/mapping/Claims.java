package io.headwater.bench.mapping;

import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Who wants to be which record. The first by path and row is it; the others are left out, or get
/// an id of their own, in this order. Not safe for concurrent use.
final class Claims {
    private final Mapping mapping;
    private final Map<String, List<Claim>> byPath = new HashMap<>();
    private final Map<RecordRef, TreeSet<Claim>> byRecord = new HashMap<>();

    Claims(Mapping mapping) {
        this.mapping = mapping;
    }

    /// Puts claims in the place of those that the file made before.
    ///
    /// @return records that are claimed in another way now
    Set<RecordRef> replace(String path, List<Claim> claims) {
        Set<RecordRef> touched = new LinkedHashSet<>();
        List<Claim> before = claims.isEmpty() ? byPath.remove(path) : byPath.put(path, claims);
        for (Claim claim : before == null ? List.<Claim>of() : before) {
            TreeSet<Claim> rivals = byRecord.get(claim.record());
            if (rivals != null && rivals.remove(claim) && rivals.isEmpty()) {
                byRecord.remove(claim.record());
            }
            touched.add(claim.record());
        }
        for (Claim claim : claims) {
            byRecord.computeIfAbsent(claim.record(), record -> new TreeSet<>()).add(claim);
            touched.add(claim.record());
        }
        return touched;
    }

    /// The records that come of those who want to be this one.
    Map<RecordRef, Claim> records(RecordRef record) {
        Map<RecordRef, Claim> records = new LinkedHashMap<>();
        for (Claim claim : byRecord.getOrDefault(record, new TreeSet<>())) {
            if (records.isEmpty()) {
                records.put(record, claim);
            } else if (mapping.verdict(Rule.DUPLICATE_ID) == Verdict.LET_THROUGH) {
                String id = PlainId.of(record.id().value(), records.size() + 1);
                if (RecordId.isValid(id)) {
                    records.put(new RecordRef(record.model(), new RecordId(id)), claim);
                }
            }
        }
        return records;
    }

    List<Breach> breaches(RecordRef record) {
        List<Breach> breaches = new ArrayList<>();
        Claim first = null;
        for (Claim claim : byRecord.getOrDefault(record, new TreeSet<>())) {
            if (first == null) {
                first = claim;
            } else {
                breaches.add(
                        new Breach(
                                Rule.DUPLICATE_ID,
                                mapping.verdict(Rule.DUPLICATE_ID),
                                claim.path(),
                                claim.row(),
                                "%s is in %s row %d already"
                                        .formatted(record, first.path(), first.row())));
            }
        }
        return breaches;
    }
}
