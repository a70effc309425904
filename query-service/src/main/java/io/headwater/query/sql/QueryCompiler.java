package io.headwater.query.sql;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.trueCondition;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.asked.Join;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.asked.Search;
import io.headwater.query.asked.SortKey;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import io.headwater.query.tables.ReadSchema.Checkpoint;
import io.headwater.query.tables.ReadSchema.Models;
import io.headwater.query.tables.RecordTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
import org.jspecify.annotations.Nullable;

/// Turns a query into one SQL statement. Safe for concurrent use.
public final class QueryCompiler {
    static final DSLContext SQL = DSL.using(SQLDialect.POSTGRES);
    private static final Name TABLE = RecordShape.TABLE;
    private static final Name PAGE = name("r");
    private static final Name WHOLE = name("h");

    private QueryCompiler() {}

    /// One record by its id, which is the statement's last bind: compiled once for a version of a
    /// model.
    public static CompiledQuery byId(RecordShape shape) {
        return byId(shape, "", Expansions.NONE, RowSource.now());
    }

    /// The same of another moment, and with other records beside it.
    public static CompiledQuery byId(
            RecordShape shape, String id, Expansions expand, RowSource source) {
        List<Column> shown = shape.fields();
        Select<?> record =
                SQL.select(columns(shown, List.of(), null, expand))
                        .from(source.rows(shape, TABLE))
                        .where(source.holds(shape, TABLE))
                        .and(field(TABLE.append("_id"), String.class).eq(val(id)));
        return compiled(
                shape,
                source,
                record,
                shown,
                List.of(),
                null,
                expand,
                expand.models(shape.model()));
    }

    /// A page and one record more, by which it is known whether another page follows.
    public static CompiledQuery page(RecordQuery query) {
        return compiled(
                query.shape(),
                query.source(),
                records(query),
                query.shown(),
                query.sort(),
                query.search(),
                query.expand(),
                query.others());
    }

    /// How far the read model is, and the versions of the models: what [#rows] leaves out.
    public static CompiledQuery head(RecordQuery query) {
        Select<?> nothing =
                SQL.select(columns(List.of(), List.of(), null, Expansions.NONE))
                        .from(query.source().rows(query.shape(), TABLE))
                        .where(DSL.falseCondition());
        return compiled(
                query.shape(),
                query.source(),
                nothing,
                List.of(),
                List.of(),
                null,
                Expansions.NONE,
                query.others());
    }

    /// The records alone, with no row where there are none: of use in one snapshot with [#head],
    /// whose columns say nothing here. So the database hands them over as it finds them, and need
    /// not have all of them before the first.
    public static CompiledQuery rows(RecordQuery query) {
        Select<?> statement =
                SQL.select(
                                inline("").as("epoch"),
                                inline(0L).as("position"),
                                inline(0).as("version"))
                        .select(field("{0}.*", PAGE))
                        .from(records(query).asTable(PAGE))
                        .orderBy(order(query.sort(), PAGE));
        return around(
                statement,
                query.source(),
                query.shown(),
                query.sort(),
                query.search(),
                query.expand(),
                query.others());
    }

    private static Select<Record> records(RecordQuery query) {
        List<Condition> ranges = Keyset.after(query.sort(), query.after());
        Condition filter =
                FilterCompiler.condition(query.filter())
                        .and(query.source().holds(query.shape(), TABLE));
        List<Condition> conditions =
                ranges.isEmpty() ? List.of(filter) : ranges.stream().map(filter::and).toList();
        // Each range of each table is in order by itself, so each can come from an index and stop
        // at the page's size.
        List<SelectLimitPercentStep<Record>> pages = new ArrayList<>();
        for (Table<?> part : query.source().parts(query.shape(), TABLE)) {
            Table<?> found = query.search() == null ? part : query.search().in(part);
            Table<?> joined = joined(found, query.joins(), query.source());
            conditions.forEach(condition -> pages.add(select(query, joined, condition)));
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
                .orderBy(order(query.sort(), name("u")))
                .limit(val((long) query.size() + 1));
    }

    private static SelectLimitPercentStep<Record> select(
            RecordQuery query, Table<?> joined, Condition condition) {
        return SQL.select(columns(query.shown(), query.sort(), query.search(), query.expand()))
                .from(joined)
                .where(condition)
                .orderBy(
                        query.sort().stream()
                                .map(key -> direction(key.column().sorted(), key))
                                .toList())
                .limit(val((long) query.size() + 1));
    }

    static Table<?> joined(Table<?> records, List<Join> joins, RowSource source) {
        Table<?> joined = records;
        for (Join join : joins) {
            joined =
                    source.join(
                            joined,
                            join.to(),
                            join.alias(),
                            join.reference().sql().coerce(String.class));
        }
        return joined;
    }

    /// The checkpoint is joined to the page, so both are of one snapshot and a page without records
    /// still tells how far it has seen.
    static CompiledQuery compiled(
            RecordShape shape,
            RowSource source,
            Select<?> page,
            List<Column> shown,
            List<SortKey> keys,
            @Nullable Search search,
            Expansions expand,
            Set<ModelName> others) {
        Select<?> statement =
                SQL.select(Checkpoint.EPOCH, Checkpoint.POSITION, source.version(shape.model()))
                        .select(field("{0}.*", PAGE))
                        .from(Checkpoint.TABLE)
                        .leftJoin(Models.TABLE)
                        .on(Models.NAME.eq(val(shape.model().value())))
                        .leftJoin(page.asTable(PAGE))
                        .on(trueCondition())
                        .where(Checkpoint.NAME.eq(inline(Checkpoint.PROJECTION)))
                        .orderBy(order(keys, PAGE));
        return around(statement, source, shown, keys, search, expand, others);
    }

    private static CompiledQuery around(
            Select<?> records,
            RowSource source,
            List<Column> shown,
            List<SortKey> keys,
            @Nullable Search search,
            Expansions expand,
            Set<ModelName> others) {
        Select<?> statement = records;
        int columns =
                CompiledQuery.FIRST_FIELD
                        - 1
                        + shown.size()
                        + keys.size()
                        + (search == null ? 0 : 1);
        if (!others.isEmpty() || !expand.isEmpty()) {
            // Around the page, so that what is beside a record is read for those only that are
            // sent.
            statement =
                    SQL.select(field("{0}.*", WHOLE))
                            .select(source.versions(others))
                            .select(expand.columns(WHOLE, source))
                            .from(expand.beside(statement.asTable(WHOLE), source))
                            .orderBy(order(keys, WHOLE));
        }
        int versions = columns + expand.references() + 1;
        return new CompiledQuery(
                statement.getSQL(),
                statement.getBindValues(),
                shown,
                sortColumns(keys, CompiledQuery.FIRST_FIELD + shown.size()),
                search,
                List.copyOf(others),
                versions,
                expand.names());
    }

    private static List<SelectFieldOrAsterisk> columns(
            List<Column> shown, List<SortKey> sort, @Nullable Search search, Expansions expand) {
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
            Field<?> value = column.sql();
            // The driver would give java.sql types for the dates in an array.
            columns.add(
                    column.type() instanceof FieldType.Items
                            ? value.cast(SQLDataType.CLOB.array()).as(column.column())
                            : value);
        }
        for (int i = 0; i < sort.size(); i++) {
            columns.add(sort.get(i).column().sorted().as(sortName(i)));
        }
        if (search != null) {
            columns.add(Search.RANKED.sql());
        }
        columns.addAll(expand.referenceColumns());
        return columns;
    }

    static List<CompiledQuery.SortColumn> sortColumns(List<SortKey> keys, int first) {
        List<CompiledQuery.SortColumn> columns = new ArrayList<>();
        for (SortKey key : keys) {
            columns.add(new CompiledQuery.SortColumn(key.column(), first + columns.size()));
        }
        return columns;
    }

    static List<OrderField<?>> order(List<SortKey> keys, Name table) {
        List<OrderField<?>> order = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            order.add(direction(field(table.append(sortName(i))), keys.get(i)));
        }
        return order;
    }

    /// PostgreSQL puts nulls last when it ascends and first when it descends; so the plain index
    /// serves both ways.
    static OrderField<?> direction(Field<?> field, SortKey key) {
        return key.descending() ? field.desc() : field.asc();
    }

    /// Name of the result column of a sort key. No field's column is named so: it would begin with
    /// a letter.
    static String sortName(int key) {
        return "_by_" + key;
    }
}
