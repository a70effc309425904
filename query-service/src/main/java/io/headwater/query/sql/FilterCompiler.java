package io.headwater.query.sql;

import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.FieldType;
import io.headwater.query.asked.Filter;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.Operator;
import io.headwater.query.tables.ColumnType;
import io.headwater.query.tables.TextIndex;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// Turns a filter into a condition on a table. Every value is bound; every name comes from the
/// model.
///
/// Values are bound as text and cast in SQL, so one rule covers all types and no driver or session
/// setting (time zone, date style) has a say.
final class FilterCompiler {
    private FilterCompiler() {}

    static Condition condition(Filter filter) {
        return switch (filter) {
            case Filter.And(var filters) -> DSL.and(all(filters));
            case Filter.Or(var filters) -> DSL.or(all(filters));
            // SQL knows a third answer, null, for a comparison with an unset field: it counts as
            // false.
            case Filter.Not(var negated) ->
                    DSL.condition(coalesce(field(condition(negated)), inline(false))).not();
            case Filter.Comparison comparison -> comparison(comparison);
        };
    }

    private static List<Condition> all(List<Filter> filters) {
        return filters.stream().map(FilterCompiler::condition).toList();
    }

    private static Condition comparison(Filter.Comparison comparison) {
        Column column = comparison.column();
        String first = comparison.values().getFirst();
        if (column.isMember()) {
            return JsonMember.of(column).compared(comparison.operator(), comparison.values());
        }
        if (comparison.operator() == Operator.NULL) {
            Field<?> value = column.sql();
            return first.equals("true") ? value.isNull() : value.isNotNull();
        }
        if (column.type() instanceof FieldType.AnyJson) {
            return json(comparison.operator(), column.sql(), first);
        }
        if (column.type() instanceof FieldType.Items list) {
            return list(comparison, list.items());
        }
        return scalar(comparison, column.sql(), column.literal(first));
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
            case IN -> column.eq(any(literals(comparison.column().type(), comparison.values())));
            case CONTAINS -> part(column, literal);
            case STARTS -> {
                Condition range = starts(column, literal);
                // An index on parts serves no range, and one on beginnings no LIKE.
                yield comparison.column().indexed().contains(Operator.CONTAINS)
                        ? range.and("{0} LIKE read.pattern({1}) || '%'", folded(column), literal)
                        : range;
            }
            case NULL, ANY, ALL ->
                    throw new IllegalStateException("No comparison of scalars: " + comparison);
        };
    }

    private static Condition json(Operator operator, Field<?> column, String value) {
        Field<JSONB> left = cast(column, SQLDataType.JSONB);
        Field<JSONB> right = cast(val(value), SQLDataType.JSONB);
        return switch (operator) {
            case EQ -> left.eq(right);
            case NE -> left.isDistinctFrom(right);
            case CONTAINS -> DSL.condition("{0} @> {1}", left, right);
            case LT, LTE, GT, GTE, IN, NULL, STARTS, ANY, ALL ->
                    throw new IllegalStateException("A json field has no operator " + operator);
        };
    }

    private static Condition list(Filter.Comparison comparison, FieldType items) {
        Field<?> list = comparison.column().sql();
        Field<?> given = literals(items, comparison.values());
        return comparison.operator() == Operator.ANY
                ? DSL.condition("{0} && {1}", list, given)
                : DSL.condition("{0} @> {1}", list, given);
    }

    static Condition part(Field<?> text, Field<?> part) {
        return DSL.condition("{0} LIKE '%' || read.pattern({1}) || '%'", folded(text), part);
    }

    /// In code point order, the texts that begin with a prefix are those from the prefix to before
    /// the prefix and the last code point, which no folded text has: a range of an index, and no
    /// wildcard to escape.
    static Condition starts(Field<?> text, Field<?> prefix) {
        return DSL.condition(
                "{0} >= {1} AND {0} < {1} || {2}",
                folded(text), folded(prefix), text(Character.toString(Character.MAX_CODE_POINT)));
    }

    private static Field<?> folded(Field<?> text) {
        return field(TextIndex.READ.folded("{0}"), SQLDataType.CLOB, text);
    }

    private static Field<?> literals(FieldType type, List<String> values) {
        return cast(val(values.toArray(String[]::new)), ColumnType.of(type).jooq().array());
    }

    static Field<String> text(String value) {
        return cast(val(value), SQLDataType.CLOB);
    }
}
