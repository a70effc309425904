package io.headwater.query.sql;

import static org.jooq.impl.DSL.and;
import static org.jooq.impl.DSL.or;

import io.headwater.query.asked.PageCursor;
import io.headwater.query.asked.SortKey;
import io.headwater.query.shape.Column;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/// What comes after a cursor, as conditions that no record meets twice.
///
/// Behind (a, b, id) are: the records equal in a and b with a greater id, then those equal in a
/// with a greater b, then those with a greater a; and where unset comes last, one range more for
/// it. Each is a range of an index on its keys, where one `or` over all of them would be none.
final class Keyset {
    private Keyset() {}

    /// @return none if there is no cursor; several only where an index on the first sort key can
    ///   serve them
    static List<Condition> after(List<SortKey> keys, @Nullable PageCursor cursor) {
        if (cursor == null) {
            return List.of();
        }
        List<Condition> ranges = new ArrayList<>();
        for (int last = keys.size() - 1; last >= 0; last--) {
            List<Condition> equal = new ArrayList<>();
            for (int i = 0; i < last; i++) {
                equal.add(same(keys.get(i).column(), cursor.values().get(i)));
            }
            for (Condition beyond : beyond(keys.get(last), cursor.values().get(last))) {
                ranges.add(equal.isEmpty() ? beyond : and(equal).and(beyond));
            }
        }
        return keys.getFirst().column().ordersRecords() ? ranges : List.of(or(ranges));
    }

    @SuppressWarnings({
        "unchecked",
        "rawtypes"
    }) // column and literal have the one type of the field
    private static Condition same(Column column, @Nullable String value) {
        Field field = column.sorted();
        return value == null ? field.isNull() : field.eq(column.literal(value));
    }

    @SuppressWarnings({
        "unchecked",
        "rawtypes"
    }) // column and literal have the one type of the field
    private static List<Condition> beyond(SortKey key, @Nullable String value) {
        Column column = key.column();
        Field field = column.sorted();
        if (value == null) {
            return key.descending() ? List.of(field.isNotNull()) : List.of();
        }
        Field<?> literal = column.literal(value);
        if (key.descending()) {
            return List.of(field.lt(literal));
        }
        return column.always()
                ? List.of(field.gt(literal))
                : List.of(field.gt(literal), field.isNull());
    }
}
