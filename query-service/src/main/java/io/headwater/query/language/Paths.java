package io.headwater.query.language;

import static org.jooq.impl.DSL.name;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.query.asked.Join;
import io.headwater.query.asked.Search;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Name;
import org.jspecify.annotations.Nullable;

/// Finds what a name in a query stands for. A dot goes on from a reference to a field of the record
/// that it refers to (`country.continent`), and from a json field to a member of its value
/// (`address.city`): which of both, the type of the field before it says.
final class Paths implements Names {
    /// Most references that one name may go along.
    static final int MOST_REFERENCES = 4;

    /// Most members that one name may go down into a json value.
    static final int DEEPEST_MEMBER = 8;

    private final RecordShape root;
    private boolean ranked;
    private final Map<String, Join> joins = new LinkedHashMap<>();

    /// Finds the rank of a search from now on.
    void rank() {
        ranked = true;
    }

    Paths(RecordShape root) {
        this.root = root;
    }

    /// Those that the names found so far need, each after the one that it starts from.
    List<Join> joins() {
        return List.copyOf(joins.values());
    }

    @Override
    public @Nullable Column find(String path, String where, Faults faults) {
        if (ranked && path.equals(Search.RANKED.name())) {
            return Search.RANKED;
        }
        List<String> steps = List.of(path.split("\\.", -1));
        RecordShape shape = root;
        Name table = RecordShape.TABLE;
        String before = "";
        for (int i = 0; ; i++) {
            Column found = shape.find(steps.get(i));
            if (found == null) {
                faults.add(where, "unknown-field", shape.unknown(steps.get(i)));
                return null;
            }
            Column column = i == 0 ? found : found.referred(before, table);
            if (i == steps.size() - 1) {
                return column;
            }
            switch (column.type()) {
                case FieldType.Reference reference -> {
                    RecordShape to =
                            i < MOST_REFERENCES ? shape.shapes().find(reference.to()) : null;
                    if (to == null) {
                        faults.add(where, "bound", beyond(i, reference));
                        return null;
                    }
                    before = column.name() + ".";
                    table = join(column, to);
                    shape = to;
                }
                case FieldType.AnyJson _ -> {
                    return member(column, steps.subList(i + 1, steps.size()), where, faults);
                }
                case FieldType.Text _,
                        FieldType.WholeNumber _,
                        FieldType.Decimal _,
                        FieldType.Truth _,
                        FieldType.Day _,
                        FieldType.Moment _,
                        FieldType.Uuid _,
                        FieldType.Choice _,
                        FieldType.Items _ -> {
                    faults.add(
                            where,
                            "unknown-field",
                            "%s is of type %s, so nothing follows it; a dot goes on from a reference or into a json value"
                                    .formatted(column.name(), column.type().name()));
                    return null;
                }
            }
        }
    }

    private static String beyond(int references, FieldType.Reference reference) {
        return references < MOST_REFERENCES
                ? "There is no model %s at the time that is asked about".formatted(reference.to())
                : "A name goes along at most %d references".formatted(MOST_REFERENCES);
    }

    private Name join(Column reference, RecordShape to) {
        return joins.computeIfAbsent(
                        reference.name(), _ -> new Join(name("j" + joins.size()), reference, to))
                .alias();
    }

    private static @Nullable Column member(
            Column json, List<String> members, String where, Faults faults) {
        if (members.size() > DEEPEST_MEMBER) {
            faults.add(
                    where,
                    "bound",
                    "A name goes at most %d levels into a json value".formatted(DEEPEST_MEMBER));
            return null;
        }
        if (members.contains("")) {
            faults.add(
                    where,
                    "unknown-field",
                    "\"%s\" names no member between two dots"
                            .formatted(Excerpt.of(String.join(".", members))));
            return null;
        }
        return json.member(members);
    }
}
