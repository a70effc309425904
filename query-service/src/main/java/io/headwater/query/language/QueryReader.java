package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The rules that both ways of asking, URL and JSON, have in common. A place is the name of a query
/// parameter there and a JSON Pointer here.
final class QueryReader {
    private final RecordShape shape;
    private final Faults faults;

    QueryReader(RecordShape shape, Faults faults) {
        this.shape = shape;
        this.faults = faults;
    }

    /// @param fieldAt place of the field's name
    /// @param operatorAt place of the operator
    /// @param given one value, or for [Operator#IN] any number
    /// @param valuesAt places of the values
    @Nullable Filter comparison(
            String field,
            String fieldAt,
            String op,
            String operatorAt,
            List<JsonNode> given,
            List<String> valuesAt) {
        Column column = shape.find(field);
        if (column == null) {
            faults.add(fieldAt, "unknown-field", shape.unknown(field));
            return null;
        }
        Operator operator = operator(op, column, operatorAt);
        if (operator == null) {
            return null;
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String value = column.value(operator, given.get(i), valuesAt.get(i), faults);
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() == given.size()
                ? new Filter.Comparison(column, operator, values)
                : null;
    }

    private @Nullable Operator operator(String op, Column column, String where) {
        Set<Operator> possible = Operator.of(column.type());
        Operator operator = Operator.of(op).orElse(null);
        if (operator != null && possible.contains(operator)) {
            return operator;
        }
        faults.add(
                where,
                "unknown-operator",
                "%s is of type %s, which has no operator \"%s\"; it has %s"
                        .formatted(
                                column.name(),
                                column.type().name(),
                                Excerpt.of(op),
                                Operator.list(possible)));
        return null;
    }

    /// @param keys names, with `-` before those that descend
    List<SortKey> sort(List<String> keys, List<String> places) {
        List<SortKey> sort = new ArrayList<>();
        Set<Column> seen = new HashSet<>();
        for (int i = 0; i < keys.size(); i++) {
            boolean descending = keys.get(i).startsWith("-");
            String name = descending ? keys.get(i).substring(1) : keys.get(i);
            Column column = shape.find(name);
            if (column == null) {
                faults.add(places.get(i), "unknown-field", shape.unknown(name));
            } else if (!column.isSortable()) {
                faults.add(
                        places.get(i),
                        "unsortable",
                        "%s is of type %s, which has no order"
                                .formatted(name, column.type().name()));
            } else if (!seen.add(column)) {
                faults.add(
                        places.get(i),
                        "repeated",
                        "The sort names %s twice; once is enough".formatted(name));
            } else {
                sort.add(new SortKey(column, descending));
            }
        }
        if (keys.size() > RecordQuery.MOST_SORT_KEYS) {
            faults.add(
                    places.getLast(),
                    "bound",
                    "At most %d sort keys; got %d"
                            .formatted(RecordQuery.MOST_SORT_KEYS, keys.size()));
        }
        return total(sort);
    }

    /// The id makes the order total. It goes the way of the key before it, so that an index on
    /// (field, id) serves both ways; keys behind it would never be looked at.
    static List<SortKey> total(List<SortKey> sort) {
        List<SortKey> total = new ArrayList<>();
        for (SortKey key : sort) {
            total.add(key);
            if (key.column().equals(RecordShape.id())) {
                return total;
            }
        }
        total.add(new SortKey(RecordShape.id(), !sort.isEmpty() && sort.getLast().descending()));
        return total;
    }

    List<Column> fields(List<String> names, List<String> places) {
        List<Column> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Column column = shape.find(names.get(i));
            if (column == null) {
                faults.add(places.get(i), "unknown-field", shape.unknown(names.get(i)));
            } else if (!shape.fields().contains(column)) {
                faults.add(
                        places.get(i),
                        "envelope",
                        "%s is in every envelope; fields names fields of the model"
                                .formatted(column.name()));
            } else if (!fields.contains(column)) {
                fields.add(column);
            }
        }
        return fields;
    }

    int size(JsonNode given, String where) {
        if (given.isIntegralNumber()
                && given.canConvertToInt()
                && given.intValue() >= 1
                && given.intValue() <= RecordQuery.LARGEST_PAGE) {
            return given.intValue();
        }
        faults.add(
                where,
                "bound",
                "A page has 1 to %,d records; got %s"
                        .formatted(RecordQuery.LARGEST_PAGE, Excerpt.of(given.toString())));
        return RecordQuery.USUAL_PAGE;
    }

    /// The query, its cursor read; null if there are faults.
    @Nullable RecordQuery query(
            Filter filter,
            List<SortKey> sort,
            @Nullable List<Column> fields,
            int size,
            @Nullable String after,
            String afterAt) {
        if (!faults.isEmpty()) {
            return null;
        }
        var first = new RecordQuery(shape, filter, sort, fields, size, null, RowSource.now());
        if (after == null) {
            return first;
        }
        PageCursor cursor = PageCursor.decode(after, first, afterAt, faults);
        return cursor == null
                ? null
                : new RecordQuery(shape, filter, sort, fields, size, cursor, RowSource.now());
    }
}
