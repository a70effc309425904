package io.headwater.bench.mapping;

import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Records by id, with who refers to whom and who has which unique value. Not safe for concurrent
/// use.
final class Candidates {
    static final Comparator<RecordRef> ORDER =
            Comparator.comparing(RecordRef::model).thenComparing(RecordRef::id);

    private record Value(ModelName model, String field, String value) {}

    private final Map<RecordRef, Claim> claims = new HashMap<>();
    private final Map<RecordRef, Set<RecordRef>> referrers = new HashMap<>();
    private final Map<Value, TreeSet<RecordRef>> holders = new HashMap<>();
    private final Map<ModelName, List<Field>> references = new HashMap<>();
    private final Map<ModelName, List<Field>> uniques = new HashMap<>();

    Candidates(Mapping mapping) {
        for (ModelMapping model : mapping.models().values()) {
            references.put(model.model(), model.references());
            uniques.put(model.model(), model.uniques());
        }
    }

    /// @param claim null if the record is not there any more
    /// @return records whose unique values are settled in another way by that, this one among them
    Set<RecordRef> put(RecordRef record, @Nullable Claim claim) {
        Set<RecordRef> touched = new HashSet<>();
        touched.add(record);
        Claim before = claim == null ? claims.remove(record) : claims.put(record, claim);
        if (before != null) {
            forEachValue(
                    record,
                    before,
                    value -> {
                        TreeSet<RecordRef> all = Objects.requireNonNull(holders.get(value));
                        touched.addAll(all);
                        all.remove(record);
                        if (all.isEmpty()) {
                            holders.remove(value);
                        }
                    });
            targets(before)
                    .forEach(target -> {
                        Set<RecordRef> all = Objects.requireNonNull(referrers.get(target));
                        all.remove(record);
                        if (all.isEmpty()) {
                            referrers.remove(target);
                        }
                    });
        }
        if (claim != null) {
            forEachValue(
                    record,
                    claim,
                    value -> {
                        TreeSet<RecordRef> all =
                                holders.computeIfAbsent(value, none -> new TreeSet<>(ORDER));
                        all.add(record);
                        touched.addAll(all);
                    });
            targets(claim)
                    .forEach(target ->
                            referrers.computeIfAbsent(target, none -> new HashSet<>()).add(record));
        }
        return touched;
    }

    @Nullable Claim get(RecordRef record) {
        return claims.get(record);
    }

    Set<RecordRef> referrers(RecordRef record) {
        return referrers.getOrDefault(record, Set.of());
    }

    /// Unique fields whose value another record has, who is before this one in the order of ids.
    List<Field> lost(RecordRef record, Claim claim) {
        return uniques(record.model()).stream()
                .filter(field -> {
                    JsonNode value = claim.fields().get(field.name());
                    return value != null
                            && !record.equals(
                                    Objects.requireNonNull(holders.get(value(record, field, value)))
                                            .first());
                })
                .toList();
    }

    /// Reference fields that have a value.
    List<Field> references(Claim claim) {
        return references.getOrDefault(claim.record().model(), List.of()).stream()
                .filter(field -> claim.fields().has(field.name()))
                .toList();
    }

    static RecordRef target(Claim claim, Field field) {
        return new RecordRef(
                ((Reference) field.type()).to(),
                new RecordId(claim.fields().get(field.name()).asString()));
    }

    private Collection<RecordRef> targets(Claim claim) {
        return references(claim).stream().map(field -> target(claim, field)).distinct().toList();
    }

    private List<Field> uniques(ModelName model) {
        return uniques.getOrDefault(model, List.of());
    }

    private void forEachValue(RecordRef record, Claim claim, Consumer<Value> consumer) {
        for (Field field : uniques(record.model())) {
            JsonNode value = claim.fields().get(field.name());
            if (value != null) {
                consumer.accept(value(record, field, value));
            }
        }
    }

    private static Value value(RecordRef record, Field field, JsonNode value) {
        return new Value(record.model(), field.name(), value.asString());
    }
}
