package io.headwater.query.expansion;

import static org.jooq.impl.DSL.field;

import io.headwater.contract.ModelName;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import io.headwater.query.tables.RecordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.impl.SQLDataType;

/// All that is put beside a record.
public record Expansions(List<Expansion> each) {
    public static final Expansions NONE = new Expansions(List.of());

    public Expansions {
        each = List.copyOf(each);
    }

    public boolean isEmpty() {
        return each.isEmpty();
    }

    public List<String> names() {
        return each.stream().map(Expansion::name).toList();
    }

    /// Values of references, which [#columns] looks at.
    public List<Field<?>> referenceColumns() {
        List<Field<?>> columns = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            if (!each.get(i).children()) {
                columns.add(each.get(i).reference().sql().as(reference(i)));
            }
        }
        return columns;
    }

    public int references() {
        return (int) each.stream().filter(expansion -> !expansion.children()).count();
    }

    private static String reference(int index) {
        return "_ref_" + index;
    }

    /// One column of JSON for each.
    ///
    /// @param rows alias of records that have the [#referenceColumns]
    public List<Field<String>> columns(Name rows, RowSource source) {
        List<Field<String>> columns = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            Expansion expansion = each.get(i);
            String key = expansion.children() ? RecordTable.ID.getName() : reference(i);
            columns.add(
                    expansion
                            .json(
                                    field(rows.append(key), SQLDataType.CLOB),
                                    source,
                                    1,
                                    Expansion.MOST_CHILDREN)
                            .as("_expanded_" + i));
        }
        return columns;
    }

    /// Members of the JSON object that an envelope has of them; null where there is nothing.
    List<Field<String>> members(Name parent, RowSource source, int depth, int most) {
        List<Field<String>> members = new ArrayList<>();
        for (Expansion expansion : each) {
            Field<?> key =
                    (expansion.children() ? RecordShape.id() : expansion.reference())
                            .at(parent)
                            .sql();
            members.add(
                    RecordJson.member(
                            expansion.name(),
                            expansion.json(key.coerce(SQLDataType.CLOB), source, depth, most)));
        }
        return members;
    }

    /// The models whose records these are, but for one.
    public Set<ModelName> models(ModelName but) {
        Set<ModelName> models = new TreeSet<>();
        for (Expansion expansion : each) {
            models.add(expansion.to().model());
            models.addAll(expansion.nested().models(but));
        }
        models.remove(but);
        return models;
    }
}
