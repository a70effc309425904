package io.headwater.acceptance;

import io.headwater.contract.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The whole system in plain maps: what a command makes of it, or why it is refused, and what was
/// there at any moment. Knows nothing of SQL, logs or HTTP.
final class World {
    /// Names a record.
    record Ref(String model, String id) {}

    /// What is asked for one record.
    ///
    /// @param kind create, put, patch or delete
    /// @param fields of a patch, too; null for a deletion
    /// @param expected revision; 0 if it must not be there, -1 for any that is there; null for
    ///   anything
    record Op(
            String kind,
            Ref ref,
            @Nullable ObjectNode fields,
            @Nullable Long expected,
            @Nullable Instant validFrom) {}

    /// A record as it is; a deleted one has no fields.
    record Stored(long revision, @Nullable ObjectNode fields, @Nullable Instant validFrom) {}

    /// A record's state from a place of the log on.
    record Revision(
            Ref ref,
            long revision,
            @Nullable ObjectNode fields,
            long position,
            Instant time,
            Instant from,
            Instant createdAt) {}

    /// What a command would do.
    ///
    /// @param faults codes of what is wrong; empty if nothing is
    /// @param changed records that get an event
    record Outcome(Set<String> faults, Map<Ref, Stored> changed) {}

    private record Defined(long position, String model, Shape shape) {}

    private final Map<String, Shape> shapes = new TreeMap<>();
    private final Map<Ref, Stored> records = new LinkedHashMap<>();
    private final List<Revision> log = new ArrayList<>();
    private final List<Defined> definitions = new ArrayList<>();

    private static final class Draft {
        @Nullable ObjectNode fields;
        @Nullable Instant validFrom;
        boolean faulty;
    }

    void define(String model, Shape shape, long position) {
        shapes.put(model, shape);
        definitions.add(new Defined(position, model, shape));
    }

    Shape shape(String model) {
        return Objects.requireNonNull(shapes.get(model));
    }

    Set<String> models() {
        return shapes.keySet();
    }

    @Nullable Stored record(Ref ref) {
        return records.get(ref);
    }

    List<Revision> log() {
        return log;
    }

    Outcome decide(List<Op> operations) {
        Map<Ref, Draft> drafts = new LinkedHashMap<>();
        Set<String> faults = new TreeSet<>();
        for (Op op : operations) {
            Draft draft = drafts.computeIfAbsent(op.ref(), this::draft);
            draft.validFrom = op.validFrom();
            if (!draft.faulty) {
                String fault = apply(op, draft);
                draft.faulty = fault != null;
                if (fault != null) {
                    faults.add(fault);
                }
            }
        }
        spread(drafts, faults);
        owing(drafts, faults);
        return new Outcome(faults, changed(drafts));
    }

    private Draft draft(Ref ref) {
        var draft = new Draft();
        draft.fields = before(ref);
        return draft;
    }

    private @Nullable ObjectNode before(Ref ref) {
        Stored stored = records.get(ref);
        return stored == null ? null : stored.fields();
    }

    private @Nullable String apply(Op op, Draft draft) {
        Stored stored = records.get(op.ref());
        boolean there = before(op.ref()) != null;
        Long expected = op.expected();
        if (expected != null) {
            if (expected == 0 && there) {
                return "already-there";
            }
            boolean stale =
                    expected > 0
                            ? !there || stored == null || stored.revision() != expected
                            : expected == -1 && !there;
            if (stale) {
                return "stale-revision";
            }
        }
        return switch (op.kind()) {
            case "create" -> draft.fields == null ? write(op, draft, false) : "record-exists";
            case "put" -> write(op, draft, false);
            case "patch" -> draft.fields == null ? "unknown-record" : write(op, draft, true);
            default -> {
                boolean present = draft.fields != null;
                draft.fields = null;
                yield present ? null : "unknown-record";
            }
        };
    }

    private @Nullable String write(Op op, Draft draft, boolean patch) {
        ObjectNode given = Objects.requireNonNull(op.fields());
        ObjectNode fields = Json.mapper().createObjectNode();
        boolean valid =
                shape(op.ref().model()).columns().keySet().containsAll(given.propertyNames());
        for (var each : shape(op.ref().model()).columns().entrySet()) {
            Shape.Column column = each.getValue();
            JsonNode value = given.get(each.getKey());
            if (value == null) {
                value =
                        patch
                                ? Objects.requireNonNull(draft.fields).get(each.getKey())
                                : column.preset();
            }
            if (value == null || value.isNull()) {
                valid &= !column.required();
            } else {
                valid &= column.takes(value);
                fields.set(each.getKey(), value);
            }
        }
        if (valid) {
            draft.fields = fields;
        }
        return valid ? null : "invalid-record";
    }

    /// Deletions reach those who refer to what goes.
    private void spread(Map<Ref, Draft> drafts, Set<String> faults) {
        Deque<Ref> gone = new ArrayDeque<>();
        drafts.forEach((ref, draft) -> {
            if (!draft.faulty && draft.fields == null && before(ref) != null) {
                gone.add(ref);
            }
        });
        while (!gone.isEmpty()) {
            Ref target = gone.remove();
            for (Ref referrer : List.copyOf(records.keySet())) {
                for (var each : shape(referrer.model()).columns().entrySet()) {
                    Shape.Column column = each.getValue();
                    ObjectNode before = before(referrer);
                    Draft draft = drafts.get(referrer);
                    ObjectNode now = draft == null ? before : draft.fields;
                    if (!pointsTo(target, column, each.getKey(), before)
                            || !pointsTo(target, column, each.getKey(), now)
                            || (draft != null && draft.faulty)) {
                        continue;
                    }
                    if (column.onDelete().equals("restrict")) {
                        faults.add("still-referenced");
                        continue;
                    }
                    if (draft == null) {
                        draft = draft(referrer);
                        draft.validFrom = Objects.requireNonNull(drafts.get(target)).validFrom;
                        drafts.put(referrer, draft);
                    }
                    if (column.onDelete().equals("clear")) {
                        draft.fields = Objects.requireNonNull(draft.fields).deepCopy();
                        draft.fields.remove(each.getKey());
                    } else {
                        draft.fields = null;
                        gone.add(referrer);
                    }
                }
            }
        }
    }

    private static boolean pointsTo(
            Ref target, Shape.Column column, String name, @Nullable ObjectNode fields) {
        return target.model().equals(column.to())
                && fields != null
                && fields.path(name).asString("").equals(target.id());
    }

    private void owing(Map<Ref, Draft> drafts, Set<String> faults) {
        drafts.forEach((ref, draft) -> {
            ObjectNode fields = draft.fields;
            if (draft.faulty || fields == null) {
                return;
            }
            shape(ref.model())
                    .columns()
                    .forEach((name, column) -> {
                        JsonNode value = fields.get(name);
                        ObjectNode before = before(ref);
                        boolean differs =
                                value != null
                                        && (before == null || !value.equals(before.get(name)));
                        if (differs && column.to() != null) {
                            Ref target = new Ref(column.to(), value.asString());
                            Draft other = drafts.get(target);
                            if (other == null
                                    ? before(target) == null
                                    : !other.faulty && other.fields == null) {
                                faults.add("unresolved-reference");
                            }
                        }
                        if (value != null && column.unique() && isTaken(ref, name, value, drafts)) {
                            faults.add("not-unique");
                        }
                    });
        });
    }

    private boolean isTaken(Ref ref, String name, JsonNode value, Map<Ref, Draft> drafts) {
        Set<Ref> all = new HashSet<>(records.keySet());
        all.addAll(drafts.keySet());
        for (Ref other : all) {
            Draft draft = drafts.get(other);
            ObjectNode fields = draft == null ? before(other) : draft.faulty ? null : draft.fields;
            if (!other.equals(ref)
                    && other.model().equals(ref.model())
                    && fields != null
                    && value.equals(fields.get(name))) {
                return true;
            }
        }
        return false;
    }

    private Map<Ref, Stored> changed(Map<Ref, Draft> drafts) {
        Map<Ref, Stored> changed = new LinkedHashMap<>();
        drafts.forEach((ref, draft) -> {
            Stored stored = records.get(ref);
            ObjectNode before = before(ref);
            boolean same =
                    Objects.equals(before, draft.fields)
                            && (draft.fields == null
                                    || draft.validFrom == null
                                    || draft.validFrom.equals(
                                            Objects.requireNonNull(stored).validFrom()));
            if (!same) {
                changed.put(
                        ref,
                        new Stored(
                                stored == null ? 1 : stored.revision() + 1,
                                draft.fields,
                                draft.validFrom));
            }
        });
        return changed;
    }

    /// Takes in what the log says has become of a record.
    void accept(Ref ref, Stored now, long position, Instant time) {
        Instant created =
                before(ref) == null
                        ? time
                        : log.stream()
                                .filter(each -> each.ref().equals(ref))
                                .reduce((first, second) -> second)
                                .orElseThrow()
                                .createdAt();
        records.put(ref, now);
        log.add(
                new Revision(
                        ref,
                        now.revision(),
                        now.fields(),
                        position,
                        time,
                        now.validFrom() == null ? time : now.validFrom(),
                        created));
    }

    /// The records of a model, by id.
    ///
    /// @param asOf last position that is known
    /// @param validAt null for whatever is newest
    Map<String, Revision> at(String model, long asOf, @Nullable Instant validAt) {
        Map<String, Revision> states = new TreeMap<>();
        for (Revision each : log) {
            if (each.ref().model().equals(model)
                    && each.position() <= asOf
                    && (validAt == null || !each.from().isAfter(validAt))) {
                if (each.fields() == null) {
                    states.remove(each.ref().id());
                } else {
                    states.put(each.ref().id(), each);
                }
            }
        }
        return states;
    }

    /// The definition that held; null before the first.
    @Nullable Shape shapeAt(String model, long asOf) {
        Shape held = null;
        for (Defined each : definitions) {
            if (each.model().equals(model) && each.position() <= asOf) {
                held = each.shape();
            }
        }
        return held;
    }
}
