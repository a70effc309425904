package io.headwater.bench.replay;

import io.headwater.bench.mapping.Change;
import io.headwater.bench.mapping.Mapping;
import io.headwater.bench.mapping.ModelMapping;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The requests that carry a commit: one, or several where it is too large for one batch. Then the
/// order is such that each part can stand: first what is referred to, then what refers to it, at
/// last what is deleted, referrers first. Records that hand a unique value on stay in one part.
final class Parts {
    private static final int MOST_BYTES = 12 << 20;

    private record Value(ModelName model, String field, String value) {}

    private final Mapping mapping;
    private final Map<RecordRef, Change> changes = new HashMap<>();
    private final Map<Value, RecordRef> released = new HashMap<>();
    private final Set<RecordRef> seen = new HashSet<>();
    private final List<String> operations = new ArrayList<>();
    private final List<String> afterwards = new ArrayList<>();
    private final Map<RecordRef, Integer> places = new HashMap<>();

    /// For each operation, the first that has to be in the same part.
    private final List<Integer> bonds = new ArrayList<>();

    private Parts(Mapping mapping, List<Change> changes) {
        this.mapping = mapping;
        changes.forEach(change -> this.changes.put(change.record(), change));
    }

    /// @return bodies of `POST /commands`, the same for the same changes
    /// @throws ReplayStopped if there is no way to split it
    static List<String> of(Mapping mapping, List<Change> changes) throws ReplayStopped {
        List<String> plain = changes.stream().map(Parts::operation).toList();
        if (plain.size() <= mapping.operations() && bytes(plain) <= MOST_BYTES) {
            return plain.isEmpty() ? List.of() : List.of(body(plain));
        }
        return new Parts(mapping, changes).split(changes);
    }

    private List<String> split(List<Change> all) throws ReplayStopped {
        for (Change change : all) {
            forEachUnique(change, change.before(), value -> released.put(value, change.record()));
        }
        List<Change> deletions = all.stream().filter(change -> change.after() == null).toList();
        // Those who take a value over come first, so that who had it stands right before them.
        all.stream().filter(this::takesOver).forEach(this::visit);
        all.stream().filter(change -> change.after() != null).forEach(this::visit);
        // Whoever is referred to goes after those who refer to it.
        List<Change> order = new ArrayList<>();
        Set<RecordRef> ordered = new HashSet<>();
        deletions.forEach(change -> visitTargets(change, order, ordered));
        for (Change change : order.reversed()) {
            if (seen.add(change.record())) {
                add(change.record(), operation(change), bonds.size());
            }
        }
        List<String> whole = new ArrayList<>(operations);
        // What was sent without its references, since these go round in a circle, is sent whole.
        afterwards.forEach(operation -> {
            whole.add(operation);
            bonds.add(bonds.size());
        });
        return cut(whole);
    }

    private boolean takesOver(Change change) {
        boolean[] takes = {false};
        forEachUnique(
                change,
                change.after(),
                value -> {
                    RecordRef rival = released.get(value);
                    takes[0] |= rival != null && !rival.equals(change.record());
                });
        return takes[0];
    }

    /// Adds a change behind those that it leans on.
    private void visit(Change change) {
        if (!seen.add(change.record())) {
            return;
        }
        ObjectNode after = change.after();
        int[] bond = {Integer.MAX_VALUE};
        Set<String> open = new HashSet<>();
        if (after != null) {
            for (Field field : references(change.record())) {
                Change target = target(field, after);
                if (target != null
                        && target.before() == null
                        && !target.record().equals(change.record())) {
                    visit(target);
                    if (!places.containsKey(target.record()) && !field.required()) {
                        open.add(field.name());
                    }
                }
            }
            forEachUnique(
                    change,
                    after,
                    value -> {
                        RecordRef rival = released.get(value);
                        if (rival != null && !rival.equals(change.record())) {
                            visit(Objects.requireNonNull(changes.get(rival)));
                            bond[0] =
                                    Math.min(
                                            bond[0], places.getOrDefault(rival, Integer.MAX_VALUE));
                        }
                    });
        }
        Change first = change;
        if (!open.isEmpty() && after != null) {
            afterwards.add(operation(change));
            first = new Change(change.record(), change.before(), after.deepCopy().without(open));
        }
        add(change.record(), operation(first), Math.min(bond[0], operations.size()));
    }

    private void add(RecordRef record, String operation, int bond) {
        places.put(record, operations.size());
        operations.add(operation);
        bonds.add(bond);
    }

    private void visitTargets(Change change, List<Change> order, Set<RecordRef> ordered) {
        if (change.after() != null || change.before() == null || !ordered.add(change.record())) {
            return;
        }
        for (Field field : references(change.record())) {
            Change target = target(field, change.before());
            if (target != null) {
                visitTargets(target, order, ordered);
            }
        }
        order.add(change);
    }

    /// As few parts as the bounds and the bonds allow.
    private List<String> cut(List<String> whole) throws ReplayStopped {
        List<String> parts = new ArrayList<>();
        // The greatest place at which a part that begins at 0 and up may end.
        boolean[] mayEnd = new boolean[whole.size() + 1];
        int least = whole.size();
        for (int i = whole.size(); i > 0; i--) {
            mayEnd[i] = least >= i;
            least = Math.min(least, bonds.get(i - 1));
        }
        for (int start = 0; start < whole.size(); ) {
            int end = start;
            long bytes = 0;
            for (int i = start; i < whole.size() && i - start < mapping.operations(); i++) {
                bytes += whole.get(i).length() * 3L;
                if (bytes > MOST_BYTES && i > start) {
                    break;
                }
                end = mayEnd[i + 1] ? i + 1 : end;
            }
            if (end == start) {
                throw new ReplayStopped(
                        "Records hand on unique values to one another in a circle that is larger than"
                                + " a batch: make \"operations\" of the mapping larger, or take"
                                + " \"unique\" from the field.");
            }
            parts.add(body(whole.subList(start, end)));
            start = end;
        }
        return parts;
    }

    private List<Field> references(RecordRef record) {
        return fields(record).stream().filter(field -> field.type() instanceof Reference).toList();
    }

    private Collection<Field> fields(RecordRef record) {
        ModelMapping model = Objects.requireNonNull(mapping.models().get(record.model()));
        return model.definition().fields().values();
    }

    /// The change of what a reference leads to; null if there is none.
    private @Nullable Change target(Field field, ObjectNode fields) {
        JsonNode value = fields.get(field.name());
        return value == null
                ? null
                : changes.get(
                        new RecordRef(
                                ((Reference) field.type()).to(), new RecordId(value.asString())));
    }

    private void forEachUnique(
            Change change, @Nullable ObjectNode fields, Consumer<Value> consumer) {
        for (Field field : fields(change.record())) {
            JsonNode value = fields == null || !field.unique() ? null : fields.get(field.name());
            if (value != null) {
                consumer.accept(new Value(change.record().model(), field.name(), value.asString()));
            }
        }
    }

    private static String operation(Change change) {
        ObjectNode operation =
                Json.mapper()
                        .createObjectNode()
                        .put("op", change.after() == null ? "delete" : "put")
                        .put("model", change.record().model().value())
                        .put("id", change.record().id().value());
        if (change.after() != null) {
            operation.set("fields", change.after());
        }
        return operation.toString();
    }

    private static String body(List<String> operations) {
        return "{\"operations\":[" + String.join(",", operations) + "]}";
    }

    private static long bytes(List<String> operations) {
        return operations.stream()
                .mapToLong(each -> each.getBytes(StandardCharsets.UTF_8).length + 1L)
                .sum();
    }
}
