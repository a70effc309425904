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
import java.util.function.IntFunction;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Table;
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

    /// Whether any is a list, be it beside what is beside the record.
    public boolean hasLists() {
        return each.stream()
                .anyMatch(expansion -> expansion.children() || expansion.nested().hasLists());
    }

    public List<String> names() {
        return each.stream().map(Expansion::name).toList();
    }

    /// Values of references, which [#beside] looks at.
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

    /// Records that have the [#referenceColumns], with those that they refer to joined to them.
    public Table<?> beside(Table<?> records, RowSource source) {
        Name rows = records.getUnqualifiedName();
        return joined(
                records, rows, i -> field(rows.append(reference(i)), SQLDataType.CLOB), source);
    }

    /// The same for records of a table of its own, which have the references themselves.
    Table<?> joined(Table<?> records, Name rows, RowSource source) {
        return joined(
                records,
                rows,
                i -> each.get(i).reference().at(rows).sql().coerce(String.class),
                source);
    }

    private Table<?> joined(
            Table<?> records, Name rows, IntFunction<Field<String>> key, RowSource source) {
        Table<?> joined = records;
        for (int i = 0; i < each.size(); i++) {
            Expansion expansion = each.get(i);
            if (!expansion.children()) {
                joined = expansion.joined(joined, expansion.alias(rows, i), key.apply(i), source);
            }
        }
        return joined;
    }

    /// One column of JSON for each.
    ///
    /// @param rows alias of the records in [#beside]
    public List<Field<String>> columns(Name rows, RowSource source) {
        List<Field<String>> columns = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            Field<String> id = field(rows.append(RecordTable.ID.getName()), SQLDataType.CLOB);
            columns.add(json(i, rows, id, source, Expansion.MOST_CHILDREN).as("_expanded_" + i));
        }
        return columns;
    }

    /// Members of the JSON object that an envelope has of them; null where there is nothing.
    List<Field<String>> members(Name parent, RowSource source, int most) {
        List<Field<String>> members = new ArrayList<>();
        for (int i = 0; i < each.size(); i++) {
            Field<String> id = RecordShape.id().at(parent).sql().coerce(String.class);
            members.add(RecordJson.member(each.get(i).name(), json(i, parent, id, source, most)));
        }
        return members;
    }

    private Field<String> json(
            int index, Name parent, Field<String> id, RowSource source, int most) {
        Expansion expansion = each.get(index);
        Name alias = expansion.alias(parent, index);
        return expansion.children()
                ? expansion.list(alias, id, source, most)
                : expansion.one(alias, source, most);
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
