package io.headwater.query.expansion;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;

import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Select;
import org.jooq.Table;
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

    /// Alias of the records that are put beside those of another alias.
    Name alias(Name beside, int index) {
        return DSL.name(beside.last() + "_" + index);
    }

    /// A table with the record that its reference refers to joined to it, and what is beside that.
    /// Joined, since the planner does not look through subqueries in a column: for each of its rows
    /// it would look the record up anew.
    ///
    /// @param key the reference's value
    Table<?> joined(Table<?> rows, Name alias, Field<String> key, RowSource source) {
        return nested.joined(source.join(rows, to, alias, key), alias, source);
    }

    /// The envelope of the record that is joined as the alias; null where there is none.
    Field<String> one(Name alias, RowSource source, int most) {
        return DSL.when(id(alias).isNotNull(), envelope(alias, source, most));
    }

    /// The records that refer to one, as `{"items":[…]}`, with `"more":true` where there are more.
    ///
    /// @param key id of the record that is referred to
    Field<String> list(Name alias, Field<String> key, RowSource source, int most) {
        var rows =
                DSL.select(
                                envelope(alias, source, MOST_GRANDCHILDREN).as("item"),
                                id(alias).as("id"))
                        .from(nested.joined(source.rows(to, alias), alias, source))
                        .where(reference.at(alias).sql().coerce(String.class).eq(key))
                        .and(source.holds(to, alias));
        return list(rows.orderBy(field(DSL.name("id"))).limit(inline(most + 1)), most);
    }

    private Field<String> envelope(Name alias, RowSource source, int most) {
        return RecordJson.envelope(to, alias, nested.members(alias, source, most));
    }

    private static Field<String> id(Name alias) {
        return RecordShape.id().at(alias).sql().coerce(String.class);
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
