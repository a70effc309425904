package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.query.asked.Filter;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.shape.RecordShape;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Reads a query from URL parameters: `filter[field][op]=value`, `search=words`, `sort=-name,@id`,
/// `fields=a,b`, `expand=country.continent,runway`, `page[size]`, `page[after]`. Filters are joined
/// by and, and may be repeated. The values of `in`, `any` and `all` are separated by commas; one
/// that has a comma itself needs [QueryDocument].
public final class QueryParameters {
    private static final ParameterFilter FILTER = ParameterFilter.named("filter");
    static final String SORT = "sort";
    static final String SEARCH = "search";
    private static final String FIELDS = "fields";

    /// Parameter of what is put beside records.
    public static final String EXPAND = "expand";

    /// Parameter of the size of a page.
    public static final String SIZE = "page[size]";

    /// Parameters of the moment; who knows the log reads them.
    public static final String AS_OF = "asOf";

    public static final String VALID_AT = "validAt";

    /// Parameter of the cursor.
    public static final String AFTER = "page[after]";

    private static final Set<String> KNOWN =
            Set.of(SEARCH, SORT, FIELDS, EXPAND, SIZE, AFTER, AS_OF, VALID_AT);

    private final Map<String, List<String>> parameters;
    private final Faults faults;
    private final QueryReader reader;

    private QueryParameters(
            Map<String, List<String>> parameters, RecordShape shape, Faults faults) {
        this.parameters = parameters;
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
        reader.search(once(SEARCH), SEARCH);
        Filter filter = filter();
        String sort = once(SORT);
        String fields = once(FIELDS);
        String expand = once(EXPAND);
        String size = once(SIZE);
        return reader.query(
                filter,
                sort == null ? null : reader.terms().sort(split(sort), places(SORT, split(sort))),
                fields == null ? null : reader.fields(split(fields), places(FIELDS, split(fields))),
                expand == null
                        ? Expansions.NONE
                        : reader.expand(split(expand), places(EXPAND, split(expand))),
                size == null ? RecordQuery.USUAL_PAGE : reader.size(number(size), SIZE),
                once(AFTER),
                AFTER);
    }

    /// What is to be put beside one record, as in [#read].
    ///
    /// @param expand null for nothing
    public static Expansions expand(@Nullable String expand, RecordShape shape, Faults faults) {
        return expand == null
                ? Expansions.NONE
                : new QueryReader(shape, faults)
                        .expand(split(expand), places(EXPAND, split(expand)));
    }

    private Filter filter() {
        for (String name : parameters.keySet()) {
            if (!FILTER.isOne(name) && !KNOWN.contains(name)) {
                faults.add(
                        name,
                        "unknown-parameter",
                        ("There is no parameter \"%s\"; there are filter[field][operator], search, sort, fields, expand,"
                                        + " page[size], page[after], asOf and validAt")
                                .formatted(Excerpt.of(name)));
            }
        }
        return FILTER.read(parameters, reader.terms(), faults);
    }

    private @Nullable String once(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(name, "repeated", "The parameter %s may be given once".formatted(name));
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    static JsonNode number(String text) {
        return text.matches("[0-9]{1,9}")
                ? Json.mapper().getNodeFactory().numberNode(Integer.parseInt(text))
                : StringNode.valueOf(text);
    }

    static List<String> split(String text) {
        return List.of(text.split(",", -1));
    }

    static List<String> places(String name, List<String> values) {
        return Collections.nCopies(values.size(), name);
    }
}
