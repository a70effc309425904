package io.headwater.query.asked;

import io.headwater.contract.Json;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.Operator;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Which records are asked for. Two-valued: `Not` of a filter has exactly the records that the
/// filter has not.
public sealed interface Filter {

    /// Every record.
    static Filter everything() {
        return new And(List.of());
    }

    record And(List<Filter> filters) implements Filter {
        public And {
            filters = List.copyOf(filters);
        }
    }

    record Or(List<Filter> filters) implements Filter {
        public Or {
            filters = List.copyOf(filters);
        }
    }

    record Not(Filter filter) implements Filter {}

    /// @param values canonical, as text; one, but for operators that take several
    record Comparison(Column column, Operator operator, List<String> values) implements Filter {
        public Comparison {
            values = List.copyOf(values);
        }
    }

    /// The filter as JSON that is the same for the same filter, whatever the version of the model.
    default ObjectNode toJson() {
        var json = Json.mapper().createObjectNode();
        switch (this) {
            case And and -> {
                var array = json.putArray("and");
                and.filters().forEach(filter -> array.add(filter.toJson()));
            }
            case Or or -> {
                var array = json.putArray("or");
                or.filters().forEach(filter -> array.add(filter.toJson()));
            }
            case Not not -> json.set("not", not.filter().toJson());
            case Comparison comparison -> {
                json.put("field", comparison.column().name())
                        .put("op", comparison.operator().code());
                var array = json.putArray("value");
                comparison.values().forEach(array::add);
            }
        }
        return json;
    }
}
