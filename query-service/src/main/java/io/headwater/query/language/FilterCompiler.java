package io.headwater.query.language;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.position;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.FieldType;
import io.headwater.query.tables.ColumnType;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Name;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// Turns a filter into a condition on a table. Every value is bound; every name comes from the
/// model.
///
/// Values are bound as text and cast in SQL, so one rule covers all types and no driver or session
/// setting (time zone, date style) has a say.
final class FilterCompiler {
    private static final int FIRST_SURROGATE = Character.MIN_SURROGATE;
    private static final int AFTER_SURROGATES = Character.MAX_SURROGATE + 1;

    private FilterCompiler() {}

    /// @param table alias of the model's table
    static Condition condition(Filter filter, Name table) {
        return switch (filter) {
            case Filter.And(var filters) -> DSL.and(all(filters, table));
            case Filter.Or(var filters) -> DSL.or(all(filters, table));
            // SQL knows a third answer, null, for a comparison with an unset field: it counts as
            // false.
            case Filter.Not(var negated) ->
                    DSL.condition(coalesce(field(condition(negated, table)), inline(false))).not();
            case Filter.Comparison comparison -> comparison(comparison, table);
        };
    }

    private static List<Condition> all(List<Filter> filters, Name table) {
        return filters.stream().map(filter -> condition(filter, table)).toList();
    }

    private static Condition comparison(Filter.Comparison comparison, Name table) {
        Column column = comparison.column();
        String first = comparison.values().getFirst();
        if (comparison.operator() == Operator.NULL) {
            Field<?> value = value(column, table);
            return first.equals("true") ? value.isNull() : value.isNotNull();
        }
        if (column.type() instanceof FieldType.AnyJson) {
            return json(comparison.operator(), value(column, table), first);
        }
        if (column.type() instanceof FieldType.Items list) {
            return contains(column, list.items(), first, table);
        }
        return scalar(comparison, value(column, table), literal(column.type(), first));
    }

    @SuppressWarnings({
        "unchecked",
        "rawtypes"
    }) // column and literal have the one type of the field
    private static Condition scalar(Filter.Comparison comparison, Field column, Field literal) {
        return switch (comparison.operator()) {
            case EQ -> column.eq(literal);
            case NE -> column.isDistinctFrom(literal);
            case LT -> column.lt(literal);
            case LTE -> column.le(literal);
            case GT -> column.gt(literal);
            case GTE -> column.ge(literal);
            case IN -> column.eq(any(literals(comparison)));
            case CONTAINS -> position(column, literal).gt(inline(0));
            case STARTS -> starts(column, comparison.values().getFirst());
            case NULL -> throw new IllegalStateException("null is compiled before");
        };
    }

    private static Condition json(Operator operator, Field<?> column, String value) {
        Field<JSONB> left = cast(column, SQLDataType.JSONB);
        Field<JSONB> right = cast(val(value), SQLDataType.JSONB);
        return switch (operator) {
            case EQ -> left.eq(right);
            case NE -> left.isDistinctFrom(right);
            case CONTAINS -> DSL.condition("{0} @> {1}", left, right);
            case LT, LTE, GT, GTE, IN, NULL, STARTS ->
                    throw new IllegalStateException("A json field has no operator " + operator);
        };
    }

    private static Condition contains(Column column, FieldType items, String value, Name table) {
        return DSL.condition(
                "{0} = any({1})", literal(items, value), field(table.append(column.column())));
    }

    /// In code point order, the texts that begin with a prefix are those from the prefix to before
    /// its successor: a range of an index, and no wildcard to escape.
    private static Condition starts(Field<String> column, String prefix) {
        Condition from = column.ge(text(prefix));
        String successor = successor(prefix);
        return successor == null ? from : from.and(column.lt(text(successor)));
    }

    /// The least text that is greater than every text that begins with the prefix; null if there is
    /// none.
    static @Nullable String successor(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == FIRST_SURROGATE ? AFTER_SURROGATES : last + 1;
                return prefix.substring(0, end) + Character.toString(next);
            }
        }
        return null;
    }

    private static Field<?> literals(Filter.Comparison comparison) {
        return cast(
                val(comparison.values().toArray(String[]::new)),
                ColumnType.of(comparison.column().type()).jooq().array());
    }

    static Field<?> value(Column column, Name table) {
        return field(table.append(column.column()), ColumnType.of(column.type()).jooq());
    }

    static Field<?> literal(FieldType type, String value) {
        return cast(val(value), ColumnType.of(type).jooq());
    }

    private static Field<String> text(String value) {
        return cast(val(value), SQLDataType.CLOB);
    }
}
