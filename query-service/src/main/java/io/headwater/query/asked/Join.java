package io.headwater.query.asked;

import static org.jooq.impl.DSL.field;

import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import io.headwater.query.tables.RecordTable;
import org.jooq.Condition;
import org.jooq.Name;

/// The record that a reference refers to, at hand for filters and sorts. At most one: so it neither
/// adds rows nor takes any away.
///
/// @param alias of the referred record's table
/// @param reference holds its id
public record Join(Name alias, Column reference, RecordShape to) {
    public Condition condition(RowSource source) {
        return field(alias.append(RecordTable.ID.getName()), RecordTable.ID.getDataType())
                .eq(reference.sql().coerce(String.class))
                .and(source.holds(to, alias));
    }
}
