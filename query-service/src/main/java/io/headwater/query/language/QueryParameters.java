package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Reads a query from URL parameters: `filter[field][op]=value`, `sort=-name,@id`, `fields=a,b`,
/// `page[size]`, `page[after]`. Filters are joined by and, and may be repeated. The values of `in`
/// are separated by commas; one that has a comma itself needs [QueryDocument].
public final class QueryParameters {
    private static final Pattern FILTER = Pattern.compile("filter\\[([^\\[\\]]*)]\\[([^\\[\\]]*)]");
    private static final String SORT = "sort";
    private static final String FIELDS = "fields";
    /// Parameter of the size of a page.
    public static final String SIZE = "page[size]";


    /// Parameters of the moment; who knows the log reads them.
    public static final String AS_OF = "asOf";

    public static final String VALID_AT = "validAt";

    /// Parameter of the cursor.
    public static final String AFTER = "page[after]";

    private final Map<String, List<String>> parameters;
    private final RecordShape shape;
    private final Faults faults;
    private final QueryReader reader;

    private QueryParameters(
            Map<String, List<String>> parameters, RecordShape shape, Faults faults) {
        this.parameters = parameters;
        this.shape = shape;
        this.faults = faults;
        this.reader = new QueryReader(shape, faults);
    }

    /// @param parameters decoded, by name
    /// @param faults their pointers are names of parameters
    /// @return null if faults were added
    public static @Nullable RecordQuery read(
            Map<String, List<String>> parameters, RecordShape shape, Faults faults) {
        return new QueryParameters(parameters, shape, faults).query();
    }

    private @Nullable RecordQuery query() {
        Filter filter = filter();
        String sort = once(SORT);
        String fields = once(FIELDS);
        String size = once(SIZE);
        return reader.query(
                filter,
                sort == null
                        ? QueryReader.total(List.of())
                        : reader.sort(split(sort), places(SORT, split(sort))),
                fields == null ? null : reader.fields(split(fields), places(FIELDS, split(fields))),
                size == null ? RecordQuery.USUAL_PAGE : reader.size(number(size), SIZE),
                once(AFTER),
                AFTER);
    }

    private Filter filter() {
        List<Filter> filters = new ArrayList<>();
        parameters.forEach((name, values) -> {
            var parts = FILTER.matcher(name);
            if (parts.matches()) {
                values.forEach(
                        value -> comparison(name, parts.group(1), parts.group(2), value, filters));
            } else if (!List.of(SORT, FIELDS, SIZE, AFTER, AS_OF, VALID_AT).contains(name)) {
                faults.add(
                        name,
                        "unknown-parameter",
                        ("There is no parameter \"%s\"; there are filter[field][operator], sort, fields,"
                                        + " page[size], page[after], asOf and validAt")
                                .formatted(Excerpt.of(name)));
            }
        });
        if (filters.size() > RecordQuery.MOST_FILTER_NODES) {
            faults.add(
                    "filter",
                    "bound",
                    "At most %d filters".formatted(RecordQuery.MOST_FILTER_NODES));
        }
        return new Filter.And(filters);
    }

    private void comparison(
            String name, String field, String op, String value, List<Filter> filters) {
        List<String> texts = op.equals(Operator.IN.code()) ? split(value) : List.of(value);
        if (texts.size() > RecordQuery.LONGEST_IN_LIST) {
            faults.add(
                    name,
                    "bound",
                    "At most %,d values; got %,d"
                            .formatted(RecordQuery.LONGEST_IN_LIST, texts.size()));
            return;
        }
        Filter filter =
                reader.comparison(
                        field,
                        name,
                        op,
                        name,
                        texts.stream().map(text -> json(field, op, text)).toList(),
                        places(name, texts));
        if (filter != null) {
            filters.add(filter);
        }
    }

    private JsonNode json(String field, String op, String text) {
        Column column = shape.find(field);
        Operator operator = Operator.of(op).orElse(null);
        return column == null || operator == null
                ? StringNode.valueOf(text)
                : column.comparand(operator).fromText(text);
    }

    private @Nullable String once(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(name, "repeated", "The parameter %s may be given once".formatted(name));
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    private static JsonNode number(String text) {
        return text.matches("[0-9]{1,9}")
                ? Json.mapper().getNodeFactory().numberNode(Integer.parseInt(text))
                : StringNode.valueOf(text);
    }

    private static List<String> split(String text) {
        return List.of(text.split(",", -1));
    }

    private static List<String> places(String name, List<String> values) {
        return Collections.nCopies(values.size(), name);
    }
}
