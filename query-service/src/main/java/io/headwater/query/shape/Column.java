package io.headwater.query.shape;

import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.left;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.query.tables.ColumnType;
import java.util.List;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Name;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// Something of a record that can be filtered and sorted by: a field, or a part of its envelope.
///
/// @param name as it stands in a query: the field's name, or `@` and the name in the envelope; of a
///   referred record or within a json value with the path there
/// @param table alias of the table that has it
/// @param column name of the column in that table
/// @param within members to go down to in a json value; empty for all of the column
/// @param always whether every record has a value
/// @param indexed operators that an index of its table serves
public record Column(
        String name,
        Name table,
        String column,
        List<String> within,
        FieldType type,
        boolean always,
        Set<Operator> indexed) {

    /// Most code points of a text that count in a sort, so that a cursor stays short.
    public static final int SORTED_TEXT = FieldType.LONGEST_INDEXED_TEXT;

    public Column {
        within = List.copyOf(within);
        indexed = Set.copyOf(indexed);
    }

    /// The same of a record that another refers to.
    public Column referred(String path, Name alias) {
        return new Column(path + name, alias, column, within, type, false, indexed);
    }

    /// The same in a table with another alias.
    public Column at(Name alias) {
        return new Column(name, alias, column, within, type, always, indexed);
    }

    public Column member(List<String> members) {
        return new Column(
                name + "." + String.join(".", members),
                table,
                column,
                members,
                type,
                false,
                Set.of());
    }

    /// Whether it is a member of a json value, which has a type only where it is there.
    public boolean isMember() {
        return !within.isEmpty();
    }

    /// Whether an index gives the records in the order of this column.
    public boolean ordersRecords() {
        return indexed.contains(Operator.GT) && table.equals(RecordShape.TABLE);
    }

    public boolean isSortable() {
        return !(type instanceof FieldType.AnyJson) && !(type instanceof FieldType.Items);
    }

    public boolean isLongText() {
        return type instanceof FieldType.Text text && text.maxLength() > SORTED_TEXT;
    }

    /// The type that a value to compare with must have: without the field's own bounds, since
    /// asking for what no record can have is no mistake.
    public FieldType comparand(Operator operator) {
        if (operator == Operator.NULL) {
            return new FieldType.Truth();
        }
        if (isMember() && operator.isOfText()) {
            return new FieldType.Text(0, FieldType.LONGEST_TEXT, null);
        }
        return unbounded(type instanceof FieldType.Items list ? list.items() : type);
    }

    /// A value to compare with, in canonical form as text (that of a json value: its JSON).
    ///
    /// @param where names the value, for faults
    /// @return null if a fault was added
    public @Nullable String value(Operator operator, JsonNode given, String where, Faults faults) {
        FieldType expected = comparand(operator);
        if (isMember()
                && !expected.equals(new FieldType.Truth())
                && !isComparable(operator, given)) {
            faults.add(
                    where,
                    "type",
                    "Within json, %s compares with a text or a number%s; got %s"
                            .formatted(
                                    operator.code(),
                                    operator.isOfOrder() ? "" : ", with true or false",
                                    Excerpt.of(given.toString())));
            return null;
        }
        if (given.isNull() && !(expected instanceof FieldType.AnyJson)) {
            faults.add(
                    where,
                    "type",
                    "null is no value to compare with; use the operator null with true or false");
            return null;
        }
        JsonNode canonical = expected.canonical(given, where, faults);
        return canonical == null ? null : text(canonical, expected);
    }

    /// Its value, as SQL.
    public Field<?> sql() {
        return field(table.append(column), ColumnType.of(type).jooq());
    }

    /// What it is sorted by, as SQL.
    public Field<?> sorted() {
        return isLongText() ? left(sql().coerce(String.class), inline(SORTED_TEXT)) : sql();
    }

    /// A value of its type, bound as text and cast in SQL.
    public Field<?> literal(String value) {
        return cast(val(value), ColumnType.of(type).jooq());
    }

    private static boolean isComparable(Operator operator, JsonNode given) {
        return given.isString() || given.isNumber() || (given.isBoolean() && !operator.isOfOrder());
    }

    private static String text(JsonNode canonical, FieldType type) {
        return switch (type) {
            case FieldType.AnyJson _, FieldType.Items _ -> canonical.toString();
            case FieldType.Truth _ -> canonical.equals(BooleanNode.TRUE) ? "true" : "false";
            case FieldType.WholeNumber _ -> Long.toString(canonical.longValue());
            case FieldType.Text _,
                    FieldType.Decimal _,
                    FieldType.Day _,
                    FieldType.Moment _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _ ->
                    canonical.stringValue();
        };
    }

    private static FieldType unbounded(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> new FieldType.Text(0, FieldType.LONGEST_TEXT, null);
            case FieldType.WholeNumber _ -> new FieldType.WholeNumber(null, null);
            // wider than any column, so that a comparison with 0.125 of a field with two digits is
            // exact
            case FieldType.Decimal _ -> new FieldType.Decimal(76, 38, null, null);
            case FieldType.Day _ -> new FieldType.Day(null, null);
            case FieldType.Moment _ -> new FieldType.Moment(null, null);
            case FieldType.Truth _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.AnyJson _,
                    FieldType.Items _ ->
                    type;
        };
    }
}
