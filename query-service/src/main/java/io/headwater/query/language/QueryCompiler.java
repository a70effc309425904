package io.headwater.query.language;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.FieldType;
import io.headwater.query.tables.ReadSchema.Checkpoint;
import io.headwater.query.tables.ReadSchema.Models;
import io.headwater.query.tables.RecordTable;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.OrderField;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Select;
import org.jooq.SelectFieldOrAsterisk;
import org.jooq.SelectLimitPercentStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// Turns a query into one SQL statement. Safe for concurrent use.
public final class QueryCompiler {
    private static final DSLContext SQL = DSL.using(SQLDialect.POSTGRES);
    private static final Name TABLE = name("t");
    private static final Name PAGE = name("r");

    private QueryCompiler() {}

    /// One record by its id, which is the statement's last bind: compiled once for a version of a
    /// model.
    public static CompiledQuery byId(RecordShape shape) {
        return byId(shape, RowSource.now());
    }

    /// The same of another moment.
    public static CompiledQuery byId(RecordShape shape, RowSource source) {
        List<Column> shown = shape.fields();
        Select<?> record =
                SQL.select(columns(shown, List.of()))
                        .from(source.rows(shape, TABLE))
                        .where(source.holds(shape, TABLE))
                        .and(field(TABLE.append("_id"), String.class).eq(val("")));
        return compiled(shape, source, record, shown, List.of(), List.of());
    }

    /// A page and one record more, by which it is known whether another page follows.
    public static CompiledQuery page(RecordQuery query) {
        return compiled(
                query.shape(),
                query.source(),
                records(query),
                query.shown(),
                sortColumns(query),
                query.sort());
    }

    /// How far the read model is, and the model's version: what [#rows] leaves out.
    public static CompiledQuery head(RecordShape shape, RowSource source) {
        return compiled(
                shape,
                source,
                SQL.select(inline(0).as("_nothing")).where(DSL.falseCondition()),
                List.of(),
                List.of(),
                List.of());
    }

    /// The records alone, with no row where there are none: of use in one snapshot with [#head],
    /// whose columns are empty here. So the database hands them over as it finds them, and need not
    /// have all of them before the first.
    public static CompiledQuery rows(RecordQuery query) {
        var statement =
                SQL.select(inline(""), inline(0L), inline(0))
                        .select(field("{0}.*", PAGE))
                        .from(records(query).asTable(PAGE))
                        .orderBy(order(query.sort(), PAGE));
        return new CompiledQuery(
                statement.getSQL(), statement.getBindValues(), query.shown(), sortColumns(query));
    }

    private static Select<Record> records(RecordQuery query) {
        List<SortKey> keys = query.sort();
        List<Condition> ranges = Keyset.after(query, TABLE);
        Condition filter =
                FilterCompiler.condition(query.filter(), TABLE)
                        .and(query.source().holds(query.shape(), TABLE));
        List<Condition> conditions =
                ranges.isEmpty() ? List.of(filter) : ranges.stream().map(filter::and).toList();
        // Each range of each table is in order by itself, so each can come from an index and stop
        // at the page's size.
        List<SelectLimitPercentStep<Record>> pages = new ArrayList<>();
        for (Table<?> part : query.source().parts(query.shape(), TABLE)) {
            conditions.forEach(condition -> pages.add(select(query, part, condition)));
        }
        if (pages.size() == 1) {
            return pages.getFirst();
        }
        Select<Record> union = pages.getFirst();
        for (Select<Record> page : pages.subList(1, pages.size())) {
            union = union.unionAll(page);
        }
        return SQL.select(DSL.asterisk())
                .from(union.asTable(name("u")))
                .orderBy(order(keys, name("u")))
                .limit(val((long) query.size() + 1));
    }

    private static SelectLimitPercentStep<Record> select(
            RecordQuery query, Table<?> part, Condition condition) {
        return SQL.select(columns(query.shown(), query.sort()))
                .from(part)
                .where(condition)
                .orderBy(
                        query.sort().stream()
                                .map(key -> direction(sorted(key.column(), TABLE), key))
                                .toList())
                .limit(val((long) query.size() + 1));
    }

    /// The checkpoint is joined to the page, so both are of one snapshot and a page without records
    /// still tells how far it has seen.
    private static CompiledQuery compiled(
            RecordShape shape,
            RowSource source,
            Select<?> page,
            List<Column> shown,
            List<CompiledQuery.SortColumn> sort,
            List<SortKey> keys) {
        var statement =
                SQL.select(Checkpoint.EPOCH, Checkpoint.POSITION, source.version(shape.model()))
                        .select(field("{0}.*", PAGE))
                        .from(Checkpoint.TABLE)
                        .leftJoin(Models.TABLE)
                        .on(Models.NAME.eq(val(shape.model().value())))
                        .leftJoin(page.asTable(PAGE))
                        .on(trueCondition())
                        .where(Checkpoint.NAME.eq(inline(Checkpoint.PROJECTION)))
                        .orderBy(order(keys, PAGE));
        return new CompiledQuery(statement.getSQL(), statement.getBindValues(), shown, sort);
    }

    private static List<SelectFieldOrAsterisk> columns(List<Column> shown, List<SortKey> sort) {
        List<SelectFieldOrAsterisk> columns = new ArrayList<>();
        for (Field<?> field :
                List.of(
                        RecordTable.ID,
                        RecordTable.REVISION,
                        RecordTable.POSITION,
                        RecordTable.CREATED_AT,
                        RecordTable.UPDATED_AT)) {
            columns.add(field(TABLE.append(field.getName())));
        }
        for (Column column : shown) {
            Field<?> value = FilterCompiler.value(column, TABLE);
            // The driver would give java.sql types for the dates in an array.
            columns.add(
                    column.type() instanceof FieldType.Items
                            ? value.cast(SQLDataType.CLOB.array()).as(column.column())
                            : value);
        }
        for (SortKey key : sort) {
            columns.add(sorted(key.column(), TABLE).as(sortName(key.column())));
        }
        return columns;
    }

    private static List<CompiledQuery.SortColumn> sortColumns(RecordQuery query) {
        List<CompiledQuery.SortColumn> columns = new ArrayList<>();
        int index = CompiledQuery.FIRST_FIELD + query.shown().size();
        for (SortKey key : query.sort()) {
            columns.add(new CompiledQuery.SortColumn(key.column(), index++));
        }
        return columns;
    }

    /// What a column is sorted by.
    static Field<?> sorted(Column column, Name table) {
        Field<?> value = FilterCompiler.value(column, table);
        return column.isLongText()
                ? left(value.coerce(String.class), inline(Column.SORTED_TEXT))
                : value;
    }

    private static List<OrderField<?>> order(List<SortKey> keys, Name table) {
        return keys.stream()
                .<OrderField<?>>map(
                        key -> direction(field(table.append(sortName(key.column()))), key))
                .toList();
    }

    /// PostgreSQL puts nulls last when it ascends and first when it descends; so the plain index
    /// serves both ways.
    private static OrderField<?> direction(Field<?> field, SortKey key) {
        return key.descending() ? field.desc() : field.asc();
    }

    /// No field's column is named so: it would begin with a letter.
    private static String sortName(Column column) {
        return "_by_" + column.column();
    }
}
