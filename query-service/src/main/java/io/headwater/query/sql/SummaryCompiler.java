package io.headwater.query.sql;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.headwater.query.asked.SummaryQuery;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.tables.RecordTable;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.impl.DSL;

/// Turns a summary into one SQL statement. Safe for concurrent use.
public final class SummaryCompiler {
    private SummaryCompiler() {}

    /// A page of groups and one more, by which it is known whether another page follows. A row with
    /// a group has an empty text in [CompiledQuery#ID]; its outputs are the fields.
    public static CompiledQuery page(SummaryQuery query) {
        List<Column> shown = query.outputs().stream().map(SummaryQuery.Output::column).toList();
        List<SelectField<?>> columns = new ArrayList<>();
        columns.add(inline("").as(RecordTable.ID));
        for (int i = CompiledQuery.ID + 1; i < CompiledQuery.FIRST_FIELD; i++) {
            columns.add(inline((String) null).as("_no_" + i));
        }
        shown.forEach(column -> columns.add(column.sql()));
        for (int i = 0; i < query.sort().size(); i++) {
            columns.add(query.sort().get(i).column().sorted().as(QueryCompiler.sortName(i)));
        }
        Condition wanted = FilterCompiler.condition(query.having());
        List<Condition> behind = Keyset.after(query.sort(), query.after());
        var page =
                QueryCompiler.SQL
                        .select(columns)
                        .from(groups(query))
                        .where(behind.isEmpty() ? wanted : wanted.and(behind.getFirst()))
                        .orderBy(
                                query.sort().stream()
                                        .map(key ->
                                                QueryCompiler.direction(key.column().sorted(), key))
                                        .toList())
                        .limit(val((long) query.size() + 1));
        return QueryCompiler.compiled(
                query.shape(),
                query.source(),
                page,
                shown,
                query.sort(),
                null,
                Expansions.NONE,
                query.others());
    }

    private static Table<?> groups(SummaryQuery query) {
        Table<?> rows = query.source().rows(query.shape(), RecordShape.TABLE);
        Table<?> found = query.search() == null ? rows : query.search().in(rows);
        List<Field<?>> outputs = new ArrayList<>();
        query.outputs().forEach(output -> outputs.add(output.sql().as(output.column().column())));
        List<Field<?>> keys = new ArrayList<>();
        query.groups().forEach(group -> keys.add(field(DSL.name(group.column().column()))));
        var records =
                QueryCompiler.SQL
                        .select(outputs)
                        .from(QueryCompiler.joined(found, query.joins(), query.source()))
                        .where(FilterCompiler.condition(query.filter()))
                        .and(query.source().holds(query.shape(), RecordShape.TABLE));
        return (keys.isEmpty() ? records : records.groupBy(keys)).asTable(SummaryQuery.GROUPED);
    }
}
