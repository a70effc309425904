package io.headwater.query.expansion;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what is to be put beside records: `country.continent` along references, `runway` for the
/// records of that model that refer to this one, `runway:airport` where the model refers to it by
/// more than one field.
public final class ExpansionReader {
    /// Most levels of one path.
    static final int DEEPEST = 4;

    /// Most different things beside a record, at all levels together.
    static final int MOST = 10;

    private final Faults faults;

    public ExpansionReader(Faults faults) {
        this.faults = faults;
    }

    /// One step, and those that go on from it.
    private record Step(String where, Map<String, Step> further) {
        int count() {
            return 1 + further.values().stream().mapToInt(Step::count).sum();
        }
    }

    /// @param places where each path stands, for faults
    public Expansions expansions(RecordShape shape, List<String> paths, List<String> places) {
        var root = new Step("", new LinkedHashMap<>());
        for (int i = 0; i < paths.size(); i++) {
            List<String> names = List.of(paths.get(i).split("\\.", -1));
            if (names.size() > DEEPEST) {
                faults.add(
                        places.get(i),
                        "bound",
                        "expand goes at most %d levels deep".formatted(DEEPEST));
                return Expansions.NONE;
            }
            Step step = root;
            for (String name : names) {
                String where = places.get(i);
                step =
                        step.further()
                                .computeIfAbsent(name, _ -> new Step(where, new LinkedHashMap<>()));
            }
        }
        if (root.count() - 1 > MOST) {
            faults.add(
                    places.getLast(),
                    "bound",
                    "expand names at most %d things, counted at all levels".formatted(MOST));
            return Expansions.NONE;
        }
        return expansions(shape, root);
    }

    private Expansions expansions(RecordShape shape, Step from) {
        List<Expansion> expansions = new ArrayList<>();
        from.further()
                .forEach((name, step) -> {
                    Expansion expansion = expansion(shape, name, step);
                    if (expansion != null) {
                        expansions.add(expansion);
                    }
                });
        return new Expansions(expansions);
    }

    private @Nullable Expansion expansion(RecordShape shape, String name, Step step) {
        int colon = name.indexOf(':');
        Column field = shape.find(name);
        if (colon < 0 && field != null) {
            if (field.type() instanceof FieldType.Reference reference) {
                RecordShape to = shape.shapes().find(reference.to());
                if (to != null) {
                    return new Expansion(name, field, to, false, expansions(to, step));
                }
            }
            return fault(
                    step,
                    "%s is of type %s; only a reference can be expanded"
                            .formatted(field.name(), field.type().name()));
        }
        String model = colon < 0 ? name : name.substring(0, colon);
        RecordShape to =
                ModelName.isValid(model) ? shape.shapes().find(new ModelName(model)) : null;
        if (to == null) {
            return fault(
                    step,
                    "%s has no reference \"%s\", and there is no model of that name whose records could refer to it"
                            .formatted(shape.model(), Excerpt.of(name)));
        }
        List<Column> references = to.references(shape.model());
        List<Column> meant =
                colon < 0
                        ? references
                        : references.stream()
                                .filter(column -> column.name().equals(name.substring(colon + 1)))
                                .toList();
        if (meant.size() == 1) {
            return new Expansion(name, meant.getFirst(), to, true, expansions(to, step));
        }
        return fault(step, ambiguous(shape, to, references, name));
    }

    private static String ambiguous(
            RecordShape shape, RecordShape to, List<Column> references, String name) {
        return references.isEmpty()
                ? "%s has no reference to %s".formatted(to.model(), shape.model())
                : "\"%s\" is none of the references of %s to %s: %s"
                        .formatted(
                                Excerpt.of(name),
                                to.model(),
                                shape.model(),
                                String.join(
                                        ", ",
                                        references.stream()
                                                .map(column -> to.model() + ":" + column.name())
                                                .toList()));
    }

    private @Nullable Expansion fault(Step step, String detail) {
        faults.add(step.where(), "unknown-expansion", detail);
        return null;
    }
}
