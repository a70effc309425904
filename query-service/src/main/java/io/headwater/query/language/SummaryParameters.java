package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.query.asked.Filter;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.asked.Search;
import io.headwater.query.asked.SortKey;
import io.headwater.query.asked.SummaryQuery;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a summary from URL parameters: `group=country.continent,at:month`,
/// `measures=count,sum:amount`, `having[count][gte]=5`, and the rest as in [QueryParameters]. Sorts
/// and `having` name groups and measures.
public final class SummaryParameters {
    private static final ParameterFilter FILTER = ParameterFilter.named("filter");
    private static final ParameterFilter HAVING = ParameterFilter.named("having");
    private static final String GROUP = "group";
    private static final String MEASURES = "measures";
    private static final Set<String> KNOWN =
            Set.of(
                    GROUP,
                    MEASURES,
                    QueryParameters.SEARCH,
                    QueryParameters.SORT,
                    QueryParameters.SIZE,
                    QueryParameters.AFTER,
                    QueryParameters.AS_OF,
                    QueryParameters.VALID_AT);

    private final Map<String, List<String>> parameters;
    private final RecordShape shape;
    private final Faults faults;
    private final QueryReader reader;
    private final OutputReader outputs;

    private SummaryParameters(
            Map<String, List<String>> parameters, RecordShape shape, Faults faults) {
        this.parameters = parameters;
        this.shape = shape;
        this.faults = faults;
        this.reader = new QueryReader(shape, faults);
        this.outputs = new OutputReader(reader.paths(), faults);
    }

    /// @param parameters decoded, by name, each given once but for filters
    /// @param faults their pointers are names of parameters
    /// @return null if faults were added
    public static @Nullable SummaryQuery read(
            Map<String, List<String>> parameters, RecordShape shape, Faults faults) {
        return new SummaryParameters(parameters, shape, faults).query();
    }

    private @Nullable SummaryQuery query() {
        parameters.keySet().forEach(this::known);
        String words = once(QueryParameters.SEARCH);
        Search search =
                words == null ? null : Search.read(words, shape, QueryParameters.SEARCH, faults);
        Filter filter = FILTER.read(parameters, reader.terms(), faults);
        List<SummaryQuery.Output> groups = outputs.groups(names(GROUP, ""), GROUP);
        List<SummaryQuery.Output> measures =
                outputs.measures(names(MEASURES, Measure.COUNT.code()), MEASURES);
        var terms = new TermReader(outputs, faults);
        Filter having = HAVING.read(parameters, terms, faults);
        String sorted = once(QueryParameters.SORT);
        List<String> keys = sorted == null ? List.of() : QueryParameters.split(sorted);
        List<SortKey> sort =
                total(terms.sort(keys, QueryParameters.places(QueryParameters.SORT, keys)), groups);
        String size = once(QueryParameters.SIZE);
        int most =
                size == null
                        ? RecordQuery.USUAL_PAGE
                        : reader.size(QueryParameters.number(size), QueryParameters.SIZE);
        if (!faults.isEmpty()) {
            return null;
        }
        var first =
                new SummaryQuery(
                        shape,
                        reader.paths().joins(),
                        filter,
                        search,
                        groups,
                        measures,
                        having,
                        sort,
                        most,
                        null,
                        RowSource.now());
        String after = once(QueryParameters.AFTER);
        if (after == null) {
            return first;
        }
        PageCursor cursor =
                PageCursor.decode(after, first.binding(), sort, QueryParameters.AFTER, faults);
        return cursor == null ? null : first.after(cursor);
    }

    private void known(String name) {
        if (!FILTER.isOne(name) && !HAVING.isOne(name) && !KNOWN.contains(name)) {
            faults.add(
                    name,
                    "unknown-parameter",
                    ("There is no parameter \"%s\"; there are group, measures, filter[field][operator], search,"
                                    + " having[measure][operator], sort, page[size], page[after], asOf and validAt")
                            .formatted(Excerpt.of(name)));
        }
    }

    /// Groups that are not sorted by make the order total.
    private static List<SortKey> total(List<SortKey> sort, List<SummaryQuery.Output> groups) {
        List<SortKey> total = new ArrayList<>(sort);
        for (SummaryQuery.Output group : groups) {
            if (sort.stream().noneMatch(key -> key.column().equals(group.column()))) {
                total.add(new SortKey(group.column(), false));
            }
        }
        return total;
    }

    private List<String> names(String parameter, String usual) {
        String given = once(parameter);
        String names = given == null ? usual : given;
        return given == null && usual.isEmpty() ? List.of() : QueryParameters.split(names);
    }

    private @Nullable String once(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(name, "repeated", "The parameter %s may be given once".formatted(name));
        }
        return values.isEmpty() ? null : values.getFirst();
    }
}
