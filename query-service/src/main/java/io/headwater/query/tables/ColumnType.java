package io.headwater.query.tables;

import io.headwater.contract.FieldType;
import org.jooq.DataType;
import org.jooq.impl.SQLDataType;

/// How a field's values are kept.
///
/// No type has a length or a precision: the write side has checked the bounds, so widening one is
/// no DDL. Text is in code point order (`COLLATE "C"`): the same on every server, whatever its
/// libraries, and a B-tree serves prefixes. JSON is `json`, not `jsonb`: it comes back as it was
/// written, with every digit and in the order of its members.
///
/// @param sql type in DDL, without collation
/// @param jooq type for queries; lists are arrays
/// @param list whether the column holds an array
public record ColumnType(String sql, DataType<?> jooq, boolean list) {

    /// The column type of a field type.
    public static ColumnType of(FieldType type) {
        return switch (type) {
            case FieldType.Text _, FieldType.Choice _, FieldType.Reference _ ->
                    scalar("text", SQLDataType.CLOB);
            case FieldType.WholeNumber _ -> scalar("bigint", SQLDataType.BIGINT);
            // keeps the scale a value was written with
            case FieldType.Decimal _ -> scalar("numeric", SQLDataType.NUMERIC);
            case FieldType.Truth _ -> scalar("boolean", SQLDataType.BOOLEAN);
            case FieldType.Day _ -> scalar("date", SQLDataType.LOCALDATE);
            case FieldType.Moment _ -> scalar("timestamptz", SQLDataType.INSTANT);
            case FieldType.Uuid _ -> scalar("uuid", SQLDataType.UUID);
            case FieldType.AnyJson _ -> scalar("json", SQLDataType.JSON);
            case FieldType.Items(var items, var _) -> listOf(of(items));
        };
    }

    private static ColumnType scalar(String sql, DataType<?> jooq) {
        return new ColumnType(sql, jooq, false);
    }

    private static ColumnType listOf(ColumnType items) {
        return new ColumnType(items.sql + "[]", items.jooq.array(), true);
    }

    /// Type and collation, as in `CREATE TABLE`.
    public String ddl() {
        return sql.startsWith("text") ? sql + " COLLATE \"C\"" : sql;
    }
}
