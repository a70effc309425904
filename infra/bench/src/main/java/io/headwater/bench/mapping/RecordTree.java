package io.headwater.bench.mapping;

import io.headwater.bench.git.FileVersion;
import io.headwater.bench.git.GitBlobs;
import io.headwater.contract.Field;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The records of a commit, as the rules of the mapping leave them. What they are depends on the
/// commit's files alone, not on the way there; a commit is worked into it for the cost of what it
/// changes. Keeps all records of one commit in memory. Not safe for concurrent use.
///
/// One rule after the other: whoever is first by path and row is the record of an id; of those who
/// have the same unique value, the first id has it; of what is left, records stay whose references
/// lead to records that stay.
public final class RecordTree {
    private static final long LONGEST_FILE = 16L << 20;

    /// What a commit changed, and what it broke that was not broken before.
    public record Step(List<Change> changes, List<Breach> breaches) {}

    private final Mapping mapping;
    private final Claims claims;
    private final Candidates candidates;
    private final Set<RecordRef> standing = new HashSet<>();
    private final Map<RecordRef, ObjectNode> records = new HashMap<>();
    private final Map<Object, List<Breach>> known = new HashMap<>();

    public RecordTree(Mapping mapping) {
        this.mapping = mapping;
        this.claims = new Claims(mapping);
        this.candidates = new Candidates(mapping);
    }

    /// The records, by name.
    public Map<RecordRef, ObjectNode> records() {
        return records;
    }

    public Step apply(List<FileVersion> files, GitBlobs blobs) throws IOException {
        List<Breach> fresh = new ArrayList<>();
        Set<RecordRef> claimed = new LinkedHashSet<>();
        for (FileVersion file : files) {
            if (Extraction.isOfInterest(mapping, file.path())) {
                Extraction.Reading reading = reading(file, blobs);
                learn(file.path(), reading.breaches(), fresh);
                claimed.addAll(claims.replace(file.path(), reading.claims()));
            }
        }
        Set<RecordRef> dirty = new LinkedHashSet<>();
        for (RecordRef record : claimed) {
            learn(List.of(record), claims.breaches(record), fresh);
            Map<RecordRef, Claim> now = claims.records(record);
            for (RecordRef former : namesOf(record, now)) {
                dirty.addAll(candidates.put(former, now.get(former)));
            }
        }
        return new Step(settle(stand(dirty), fresh), fresh);
    }

    private Extraction.Reading reading(FileVersion file, GitBlobs blobs) throws IOException {
        return file.blob() == null
                ? new Extraction.Reading(List.of(), List.of())
                : Extraction.read(mapping, file.path(), blobs.read(file.blob(), LONGEST_FILE));
    }

    /// The names that the claimants have now, and those that they had.
    private Set<RecordRef> namesOf(RecordRef record, Map<RecordRef, Claim> now) {
        Set<RecordRef> names = new LinkedHashSet<>(now.keySet());
        names.add(record);
        for (int i = 2; ; i++) {
            String id = PlainId.of(record.id().value(), i);
            if (!RecordId.isValid(id)) {
                return names;
            }
            RecordRef name = new RecordRef(record.model(), new RecordId(id));
            if (candidates.get(name) == null) {
                return names;
            }
            names.add(name);
        }
    }

    /// Finds who stands now.
    ///
    /// @return records that may have come out otherwise
    private Set<RecordRef> stand(Set<RecordRef> dirty) {
        Set<RecordRef> risen = new HashSet<>();
        Deque<RecordRef> doubtful = new ArrayDeque<>(dirty);
        Deque<RecordRef> rising = new ArrayDeque<>(dirty);
        // First everybody stands who might: those who refer to one another can only rise together.
        while (!rising.isEmpty()) {
            RecordRef record = rising.remove();
            if (isAdmissible(record) && standing.add(record)) {
                risen.add(record);
                doubtful.add(record);
                rising.addAll(candidates.referrers(record));
            }
        }
        Set<RecordRef> affected = new LinkedHashSet<>(dirty);
        while (!doubtful.isEmpty()) {
            RecordRef record = doubtful.remove();
            if (standing.contains(record) && !(isAdmissible(record) && hasItsTargets(record))) {
                standing.remove(record);
                if (!risen.remove(record)) {
                    affected.add(record);
                }
                doubtful.addAll(candidates.referrers(record));
                affected.addAll(candidates.referrers(record));
            }
        }
        affected.addAll(risen);
        for (RecordRef record : risen) {
            affected.addAll(candidates.referrers(record));
        }
        return affected;
    }

    private boolean isAdmissible(RecordRef record) {
        Claim claim = candidates.get(record);
        return claim != null
                && candidates.lost(record, claim).stream()
                        .allMatch(field -> isDispensable(Rule.DUPLICATE_VALUE, field));
    }

    private boolean hasItsTargets(RecordRef record) {
        Claim claim = candidates.get(record);
        return claim != null
                && dangling(record, claim).stream()
                        .allMatch(field -> isDispensable(Rule.DANGLING_REFERENCE, field));
    }

    private boolean isDispensable(Rule rule, Field field) {
        return mapping.verdict(rule) == Verdict.LET_THROUGH && !field.required();
    }

    private List<Field> dangling(RecordRef record, Claim claim) {
        return candidates.references(claim).stream()
                .filter(field -> {
                    RecordRef target = Candidates.target(claim, field);
                    return !target.equals(record) && !standing.contains(target);
                })
                .toList();
    }

    // In the order of names: the same commit is the same request, whatever was read before it.
    private List<Change> settle(Set<RecordRef> affected, List<Breach> fresh) {
        List<Change> changes = new ArrayList<>();
        for (RecordRef record : affected) {
            Claim claim = candidates.get(record);
            learn(record, claim == null ? List.of() : breaches(record, claim), fresh);
            ObjectNode after =
                    claim != null && standing.contains(record) ? fields(record, claim) : null;
            ObjectNode before = after == null ? records.remove(record) : records.put(record, after);
            if (after == null ? before != null : !after.equals(before)) {
                changes.add(new Change(record, before, after));
            }
        }
        changes.sort(Comparator.comparing(Change::record, Candidates.ORDER));
        return changes;
    }

    private ObjectNode fields(RecordRef record, Claim claim) {
        List<Field> without = new ArrayList<>(candidates.lost(record, claim));
        without.addAll(dangling(record, claim));
        return without.isEmpty()
                ? claim.fields()
                : claim.fields().deepCopy().without(without.stream().map(Field::name).toList());
    }

    private List<Breach> breaches(RecordRef record, Claim claim) {
        List<Breach> breaches = new ArrayList<>();
        for (Field field : candidates.lost(record, claim)) {
            breaches.add(
                    breach(Rule.DUPLICATE_VALUE, record, claim, field, "another record has it"));
        }
        for (Field field : dangling(record, claim)) {
            breaches.add(
                    breach(
                            Rule.DANGLING_REFERENCE,
                            record,
                            claim,
                            field,
                            "there is no such record"));
        }
        return breaches;
    }

    private Breach breach(Rule rule, RecordRef record, Claim claim, Field field, String why) {
        return new Breach(
                rule,
                mapping.verdict(rule),
                claim.path(),
                claim.row(),
                "%s /%s \"%s\": %s"
                        .formatted(
                                record,
                                field.name(),
                                claim.fields().get(field.name()).asString(),
                                why));
    }

    private void learn(Object about, List<Breach> now, List<Breach> fresh) {
        @Nullable List<Breach> before = now.isEmpty() ? known.remove(about) : known.put(about, now);
        for (Breach each : now) {
            if (before == null || !before.contains(each)) {
                fresh.add(each);
            }
        }
    }
}
