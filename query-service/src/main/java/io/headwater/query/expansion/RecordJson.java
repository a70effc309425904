package io.headwater.query.expansion;

import static org.jooq.impl.DSL.array;
import static org.jooq.impl.DSL.cast;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import io.headwater.contract.FieldType;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.tables.ColumnType;
import io.headwater.query.tables.RecordTable;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// Records as JSON that PostgreSQL writes: the same envelope, and the same canonical form of each
/// value, as of those that are sent column by column. Nothing depends on settings of the session.
final class RecordJson {
    private static final String MOMENT = "YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"";

    private RecordJson() {}

    /// @param alias of the record's table
    /// @param expanded members of what is put beside it
    static Field<String> envelope(RecordShape shape, Name alias, List<Field<String>> expanded) {
        List<Field<String>> fields = new ArrayList<>();
        for (Column column : shape.fields()) {
            fields.add(member(column.name(), value(column.at(alias).sql(), column.type())));
        }
        List<Field<String>> members = new ArrayList<>();
        members.add(member("id", quoted(part(alias, RecordTable.ID))));
        members.add(inline("\"model\":\"" + shape.model() + "\""));
        members.add(member("revision", text(part(alias, RecordTable.REVISION))));
        members.add(member("position", text(part(alias, RecordTable.POSITION))));
        members.add(member("createdAt", moment(part(alias, RecordTable.CREATED_AT))));
        members.add(member("updatedAt", moment(part(alias, RecordTable.UPDATED_AT))));
        members.add(member("fields", object(fields)));
        if (!expanded.isEmpty()) {
            members.add(member("expanded", object(expanded)));
        }
        return object(members);
    }

    /// Null, and so no member, where the value is null.
    static Field<String> member(String name, Field<String> json) {
        return concat(inline("\"" + name + "\":"), json);
    }

    private static Field<String> object(List<Field<String>> members) {
        return concat(
                inline("{"),
                field("array_to_string({0}, ',')", SQLDataType.CLOB, array(members)),
                inline("}"));
    }

    /// A value's JSON; null where it is unset.
    private static Field<String> value(Field<?> value, FieldType type) {
        return switch (type) {
            case FieldType.Text _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.Uuid _,
                    FieldType.Day _ ->
                    quoted(value);
            case FieldType.WholeNumber _, FieldType.Truth _, FieldType.AnyJson _ -> text(value);
            case FieldType.Decimal decimal -> quoted(text(scaled(value, decimal.scale())));
            case FieldType.Moment _ -> moment(value);
            case FieldType.Items(var items, var _) -> list(value, items);
        };
    }

    private static Field<String> list(Field<?> list, FieldType items) {
        Field<?> item = field("item", ColumnType.of(items).jooq());
        return DSL.when(
                list.isNotNull(),
                field(
                        "(SELECT '[' || coalesce(string_agg({0}, ',' ORDER BY n), '') || ']' FROM unnest({1}) WITH ORDINALITY AS l (item, n))",
                        SQLDataType.CLOB, value(item, items), list));
    }

    /// A value written before the field's scale was widened has the new scale from then on.
    static Field<?> scaled(Field<?> number, int scale) {
        return field(
                "CASE WHEN scale({0}) < {1} THEN round({0}, {1}) ELSE {0} END",
                SQLDataType.NUMERIC, number, inline(scale));
    }

    private static Field<String> moment(Field<?> moment) {
        return field(
                "('\"' || to_char({0} AT TIME ZONE 'UTC', {1}) || '\"')",
                SQLDataType.CLOB, moment, inline(MOMENT));
    }

    private static Field<String> quoted(Field<?> value) {
        return text(field("to_json({0})", SQLDataType.JSON, value));
    }

    private static Field<String> text(Field<?> value) {
        return cast(value, SQLDataType.CLOB);
    }

    private static Field<?> part(Name alias, Field<?> column) {
        return field(alias.append(column.getName()), column.getDataType());
    }
}
