package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.query.asked.Filter;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.asked.SortKey;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads comparisons and sort keys, whatever their names stand for. A place is the name of a query
/// parameter or a JSON Pointer.
record TermReader(Names names, Faults faults) {
    /// @param fieldAt place of the field's name
    /// @param operatorAt place of the operator
    /// @param given the values as JSON, for what they are compared as; one, but for operators that
    ///   take several
    /// @param valuesAt places of the values
    @Nullable Filter comparison(
            String field,
            String fieldAt,
            String op,
            String operatorAt,
            Function<FieldType, List<JsonNode>> given,
            List<String> valuesAt) {
        Column column = names.find(field, fieldAt, faults);
        if (column == null) {
            return null;
        }
        Operator operator = operator(op, column, operatorAt);
        if (operator == null) {
            return null;
        }
        List<String> values = new ArrayList<>();
        List<JsonNode> compared = given.apply(column.comparand(operator));
        for (int i = 0; i < compared.size(); i++) {
            String value = column.value(operator, compared.get(i), valuesAt.get(i), faults);
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() == compared.size()
                ? new Filter.Comparison(column, operator, values)
                : null;
    }

    private @Nullable Operator operator(String op, Column column, String where) {
        Set<Operator> possible = Operator.of(column);
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
            Column column = names.find(name, places.get(i), faults);
            if (column == null) {
                continue;
            }
            if (!column.isSortable()) {
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
        return sort;
    }
}
