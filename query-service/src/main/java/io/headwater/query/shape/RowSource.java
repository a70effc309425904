package io.headwater.query.shape;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.tables.ColumnType;
import io.headwater.query.tables.HistoryTable;
import io.headwater.query.tables.ReadSchema.Models;
import io.headwater.query.tables.ReadSchema.Versions;
import io.headwater.query.tables.RecordTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.SelectField;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// Which states of records a statement reads: those of now, or those of another moment. Whatever
/// reads rows of a model reads [#rows] and demands [#holds]; nothing else of a statement differs.
///
/// Rows of another moment are the union of the model's table and that of its history. The union has
/// no condition of its own, so the planner takes it apart: filters and orders use the indexes of
/// both tables. So [#holds] belongs into the `WHERE` (or the `ON` of an outer join) of the
/// statement that has the table in its `FROM`.
public sealed interface RowSource {
    static RowSource now() {
        return new Now();
    }

    /// The newest state of each record.
    record Now() implements RowSource {}

    /// The state of each record at another moment.
    ///
    /// @param asOf position of the log up to which its events are known; null for all
    /// @param validAt of the states that are known, the newest that is valid from then or from
    ///   before; null for the newest. One of the two is not null
    record Moment(@Nullable Long asOf, @Nullable Instant validAt) implements RowSource {
        public Moment {
            if (asOf == null && validAt == null) {
                throw new IllegalArgumentException("That is now");
            }
        }
    }

    /// Position of the log up to which its events are known; beyond every event where all are.
    default long position() {
        return this instanceof Moment(Long asOf, var _) && asOf != null
                ? asOf
                : HistoryTable.OPEN - 1;
    }

    /// Table expression with one row for each state that may be meant: only those that [#holds]
    /// are. It has the columns of [RecordTable] for the envelope and the fields of the shape.
    default Table<?> rows(RecordShape shape, Name alias) {
        return switch (this) {
            case Now _ -> RecordTable.of(shape.model()).table().as(alias);
            case Moment _ ->
                    select(columns(shape, inline(HistoryTable.OPEN), inline(false)))
                            .from(RecordTable.of(shape.model()).table())
                            .unionAll(
                                    select(columns(shape, HistoryTable.UNTIL, HistoryTable.DELETED))
                                            .from(HistoryTable.of(shape.model()).table()))
                            .asTable(alias);
        };
    }

    /// The same as [#rows] one table after the other. Who reads a page reads the page of each and
    /// merges them: a limit over the union would make the planner walk an index that has hardly any
    /// row of then.
    default List<Table<?>> parts(RecordShape shape, Name alias) {
        return switch (this) {
            case Now _ -> List.of(rows(shape, alias));
            case Moment _ ->
                    List.of(
                            select(columns(shape, inline(HistoryTable.OPEN), inline(false)))
                                    .from(RecordTable.of(shape.model()).table())
                                    .asTable(alias),
                            select(columns(shape, HistoryTable.UNTIL, HistoryTable.DELETED))
                                    .from(HistoryTable.of(shape.model()).table())
                                    .asTable(alias));
        };
    }

    /// What tells the states that are meant from the others in [#rows].
    default Condition holds(RecordShape shape, Name alias) {
        return switch (this) {
            case Now _ -> noCondition();
            case Moment moment -> {
                Condition known = column(alias, RecordTable.POSITION).le(val(moment.position()));
                Condition there = column(alias, HistoryTable.DELETED).eq(inline(false));
                yield moment.validAt() == null
                        ? known.and(column(alias, HistoryTable.UNTIL).gt(val(moment.position())))
                                .and(there)
                        : known.and(valid(alias, moment.validAt()))
                                .and(there)
                                .and(isNewest(shape.model(), alias, moment, moment.validAt()));
            }
        };
    }

    /// Rows with the record that each refers to joined to it. At most one: so it neither adds rows
    /// nor takes any away.
    ///
    /// @param alias of the record's table
    /// @param key holds its id
    default Table<?> join(Table<?> rows, RecordShape to, Name alias, Field<String> key) {
        return rows.leftJoin(rows(to, alias))
                .on(column(alias, RecordTable.ID).eq(key).and(holds(to, alias)));
    }

    /// Version of the model that the rows obey, as a column of the statement; null if the model was
    /// not there. The statement has [Models#TABLE] joined by name.
    default Field<Integer> version(ModelName model) {
        return switch (this) {
            case Now _ -> Models.VERSION;
            case Moment(Long asOf, var _) when asOf != null ->
                    field(
                                    select(max(Versions.VERSION))
                                            .from(Versions.TABLE)
                                            .where(Versions.NAME.eq(val(model.value())))
                                            .and(Versions.POSITION.le(val(asOf))))
                            .as("version");
            case Moment _ -> Models.VERSION;
        };
    }

    /// Versions of other models that the rows obey, as one text; null if there are none.
    default Field<String> versions(Collection<ModelName> models) {
        Field<String[]> names =
                DSL.cast(
                        val(models.stream().map(ModelName::value).toArray(String[]::new)),
                        SQLDataType.CLOB.array());
        String at = "string_agg(name || '=' || version, ',' ORDER BY name)";
        return switch (this) {
            case Moment(Long asOf, var _) when asOf != null ->
                    field(
                            "(SELECT "
                                    + at
                                    + " FROM (SELECT name, max(version) AS version FROM read.model_version WHERE name = ANY ({0}) AND position <= {1} GROUP BY name) AS v)",
                            SQLDataType.CLOB,
                            names,
                            val(asOf));
            case Now _, Moment _ ->
                    field(
                            "(SELECT " + at + " FROM read.model WHERE name = ANY ({0}))",
                            SQLDataType.CLOB,
                            names);
        };
    }

    /// What [#versions(Collection)] answers for these.
    static @Nullable String versions(SortedMap<ModelName, Integer> models) {
        return models.isEmpty()
                ? null
                : models.entrySet().stream()
                        .map(model -> model.getKey() + "=" + model.getValue())
                        .collect(Collectors.joining(","));
    }

    /// Nothing newer that is known is valid then too.
    private static Condition isNewest(ModelName model, Name alias, Moment moment, Instant validAt) {
        Name newer = name("newer");
        Condition same =
                column(newer, RecordTable.ID)
                        .eq(column(alias, RecordTable.ID))
                        .and(column(newer, RecordTable.POSITION).le(val(moment.position())))
                        .and(valid(newer, validAt));
        return notExists(
                        selectOne()
                                .from(RecordTable.of(model).table().as(newer))
                                .where(same)
                                .and(
                                        column(newer, RecordTable.POSITION)
                                                .gt(column(alias, RecordTable.POSITION))))
                .and(
                        notExists(
                                selectOne()
                                        .from(HistoryTable.of(model).table().as(newer))
                                        .where(same)
                                        .and(
                                                column(newer, HistoryTable.UNTIL)
                                                        .gt(column(alias, HistoryTable.UNTIL)))));
    }

    private static Condition valid(Name alias, Instant validAt) {
        String text = FieldType.Moment.text(validAt);
        return column(alias, RecordTable.VALID_FROM).le(DSL.cast(val(text), SQLDataType.INSTANT));
    }

    private static List<SelectField<?>> columns(
            RecordShape shape, Field<Long> until, Field<Boolean> deleted) {
        Set<Field<?>> columns =
                new LinkedHashSet<>(
                        List.of(
                                RecordTable.ID,
                                RecordTable.REVISION,
                                RecordTable.POSITION,
                                RecordTable.CREATED_AT,
                                RecordTable.UPDATED_AT,
                                RecordTable.VALID_FROM));
        for (Column column : shape.fields()) {
            columns.add(field(name(column.column()), ColumnType.of(column.type()).jooq()));
        }
        List<SelectField<?>> selected = new ArrayList<>(columns);
        selected.add(until.as(HistoryTable.UNTIL));
        selected.add(deleted.as(HistoryTable.DELETED));
        return selected;
    }

    private static <T> Field<T> column(Name alias, Field<T> column) {
        return field(alias.append(column.getName()), column.getDataType());
    }
}
