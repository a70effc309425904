package io.headwater.query.sql;

import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.headwater.contract.Json;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.Operator;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import tools.jackson.databind.JsonNode;

/// A member of a json value, as SQL. It compares with a text where it is a text, with a number
/// where it is a number, with true or false where it is one of them; with anything else it is
/// neither equal nor less nor greater. Members whose names are numbers are items of arrays too.
///
/// @param json the whole value
/// @param path to the member, bound
record JsonMember(Field<?> json, Field<String[]> path) {
    static JsonMember of(Column column) {
        return new JsonMember(
                column.sql(),
                cast(val(column.within().toArray(String[]::new)), SQLDataType.CLOB.array()));
    }

    /// @param values JSON texts, as [Column#value] makes them; for operators of text the text
    Condition compared(Operator operator, List<String> values) {
        String first = values.getFirst();
        return switch (operator) {
            case NULL -> first.equals("true") ? text().isNull() : text().isNotNull();
            case EQ -> same(first);
            case NE -> DSL.condition(coalesce(field(same(first)), inline(false))).not();
            case IN -> DSL.or(values.stream().map(this::same).toList());
            case LT, LTE, GT, GTE -> ordered(operator, Json.mapper().readTree(first));
            case CONTAINS -> FilterCompiler.part(string(), FilterCompiler.text(first));
            case STARTS -> FilterCompiler.starts(string(), FilterCompiler.text(first));
            case ANY, ALL -> throw new IllegalStateException("A member of json is no list");
        };
    }

    private Condition same(String value) {
        JsonNode given = Json.mapper().readTree(value);
        if (given.isString()) {
            return string().eq(FilterCompiler.text(given.stringValue()));
        }
        return given.isBoolean()
                ? typed("boolean", SQLDataType.BOOLEAN).eq(inline(given.booleanValue()))
                : number().eq(literal(given));
    }

    private Condition ordered(Operator operator, JsonNode given) {
        return given.isString()
                ? ordered(operator, string(), FilterCompiler.text(given.stringValue()))
                : ordered(operator, number(), literal(given));
    }

    private static <T> Condition ordered(Operator operator, Field<T> left, Field<T> right) {
        return switch (operator) {
            case LT -> left.lt(right);
            case LTE -> left.le(right);
            case GT -> left.gt(right);
            case GTE -> left.ge(right);
            case EQ, NE, IN, NULL, ANY, ALL, CONTAINS, STARTS ->
                    throw new IllegalStateException("No order: " + operator);
        };
    }

    private Field<String> text() {
        return field("({0} #>> {1})", SQLDataType.CLOB, json, path);
    }

    private Field<String> string() {
        return field("({0} collate \"C\")", SQLDataType.CLOB, typed("string", SQLDataType.CLOB));
    }

    private Field<java.math.BigDecimal> number() {
        return typed("number", SQLDataType.NUMERIC);
    }

    /// Unset unless the member is of the type, so that no cast meets what it cannot read.
    private <T> Field<T> typed(String type, org.jooq.DataType<T> as) {
        return DSL.when(
                field("json_typeof({0} #> {1})", SQLDataType.CLOB, json, path).eq(inline(type)),
                cast(text(), as));
    }

    private static Field<java.math.BigDecimal> literal(JsonNode number) {
        return cast(val(number.toString()), SQLDataType.NUMERIC);
    }
}
