package io.headwater.query.expansion;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import io.headwater.query.tables.RecordTable;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// What is put beside a record: the one that it refers to, or those that refer to it.
///
/// @param name as it stands in the query
/// @param reference the field that refers: of the record itself, or of those that refer to it
/// @param to the shape of what is put beside it
/// @param children whether it is those that refer to the record
/// @param nested what is put beside each of these
record Expansion(
        String name, Column reference, RecordShape to, boolean children, Expansions nested) {

    /// Most records that refer to one, and so many where these are beside such a record again.
    static final int MOST_CHILDREN = 100;

    static final int MOST_GRANDCHILDREN = 10;

    /// The JSON: an envelope, or `{"items":[…]}`, with `"more":true` where there are more.
    ///
    /// @param key the reference's value, or the id of the record that is referred to
    /// @param depth 1 for what is beside the record that was asked for
    Field<String> json(Field<String> key, RowSource source, int depth, int most) {
        Name alias = DSL.name("x" + depth);
        Column mine = children ? reference.at(alias) : RecordShape.id().at(alias);
        Field<String> envelope =
                RecordJson.envelope(
                        to,
                        alias,
                        nested.members(
                                alias, source, depth + 1, children ? MOST_GRANDCHILDREN : most));
        var rows =
                DSL.select(
                                envelope.as("item"),
                                field(alias.append(RecordTable.ID.getName())).as("id"))
                        .from(source.rows(to, alias))
                        .where(mine.sql().coerce(String.class).eq(key))
                        .and(source.holds(to, alias));
        return children
                ? list(rows.orderBy(field(DSL.name("id"))).limit(inline(most + 1)), most)
                : DSL.field(
                        DSL.select(field(DSL.name("one", "item"), SQLDataType.CLOB))
                                .from(rows.asTable("one")));
    }

    private static Field<String> list(Select<?> rows, int most) {
        return DSL.field(
                DSL.select(
                                field(
                                        """
                                        '{"items":[' || coalesce(array_to_string((array_agg(item ORDER BY id))[1:{0}], ','), '')
                                        || CASE WHEN count(*) > {0} THEN '],"more":true}' ELSE ']}' END
                                        """,
                                        SQLDataType.CLOB, inline(most)))
                        .from(rows.asTable("some")));
    }
}
