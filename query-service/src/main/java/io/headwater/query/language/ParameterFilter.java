package io.headwater.query.language;

import io.headwater.contract.Faults;
import io.headwater.query.asked.Filter;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.shape.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A filter in URL parameters, `filter[field][op]=value`, all of them joined by and.
///
/// @param name before the brackets
record ParameterFilter(String name, Pattern form) {
    static ParameterFilter named(String name) {
        return new ParameterFilter(
                name, Pattern.compile(name + "\\[([^\\[\\]]*)]\\[([^\\[\\]]*)]"));
    }

    boolean isOne(String parameter) {
        return form.matcher(parameter).matches();
    }

    /// @param parameters decoded, by name; those of other forms are passed over
    Filter read(Map<String, List<String>> parameters, TermReader terms, Faults faults) {
        List<Filter> filters = new ArrayList<>();
        parameters.forEach((parameter, values) -> {
            Matcher parts = form.matcher(parameter);
            if (parts.matches()) {
                values.forEach(value ->
                        comparison(
                                parameter,
                                parts.group(1),
                                parts.group(2),
                                value,
                                filters,
                                terms,
                                faults));
            }
        });
        if (filters.size() > RecordQuery.MOST_FILTER_NODES) {
            faults.add(
                    name, "bound", "At most %d filters".formatted(RecordQuery.MOST_FILTER_NODES));
        }
        return new Filter.And(filters);
    }

    private static void comparison(
            String parameter,
            String field,
            String op,
            String value,
            List<Filter> filters,
            TermReader terms,
            Faults faults) {
        List<String> texts =
                Operator.of(op).filter(Operator::takesList).isPresent()
                        ? QueryParameters.split(value)
                        : List.of(value);
        if (texts.size() > RecordQuery.LONGEST_IN_LIST) {
            faults.add(
                    parameter,
                    "bound",
                    "At most %,d values; got %,d"
                            .formatted(RecordQuery.LONGEST_IN_LIST, texts.size()));
            return;
        }
        Filter filter =
                terms.comparison(
                        field,
                        parameter,
                        op,
                        parameter,
                        type -> texts.stream().map(type::fromText).toList(),
                        QueryParameters.places(parameter, texts));
        if (filter != null) {
            filters.add(filter);
        }
    }
}
