package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
    private final Paths paths;
    private final Map<String, SummaryQuery.Output> outputs = new LinkedHashMap<>();

    private SummaryParameters(
            Map<String, List<String>> parameters, RecordShape shape, Faults faults) {
        this.parameters = parameters;
        this.shape = shape;
        this.faults = faults;
        this.reader = new QueryReader(shape, faults);
        this.paths = reader.paths();
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
        List<SummaryQuery.Output> groups = outputs(GROUP, once(GROUP), SummaryQuery.MOST_GROUPS);
        String measured = once(MEASURES);
        List<SummaryQuery.Output> measures =
                outputs(
                        MEASURES,
                        measured == null ? Measure.COUNT.code() : measured,
                        SummaryQuery.MOST_MEASURES);
        var terms = new TermReader(this::output, faults);
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
                        paths.joins(),
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

    private @Nullable Column output(String name, String where, Faults to) {
        SummaryQuery.Output output = outputs.get(name);
        if (output == null) {
            to.add(
                    where,
                    "unknown-field",
                    "\"%s\" is no group and no measure of this summary; it has %s"
                            .formatted(Excerpt.of(name), String.join(", ", outputs.keySet())));
        }
        return output == null ? null : output.column();
    }

    private List<SummaryQuery.Output> outputs(String parameter, @Nullable String given, int most) {
        List<SummaryQuery.Output> read = new ArrayList<>();
        List<String> names = given == null ? List.of() : QueryParameters.split(given);
        if (names.size() > most) {
            faults.add(parameter, "bound", "At most %d; got %d".formatted(most, names.size()));
            return read;
        }
        for (String name : names) {
            SummaryQuery.Output output = parameter.equals(GROUP) ? group(name) : measure(name);
            if (output != null && outputs.putIfAbsent(name, output) != null) {
                faults.add(parameter, "repeated", "%s stands there twice".formatted(name));
            } else if (output != null) {
                read.add(output);
            }
        }
        return read;
    }

    private SummaryQuery.@Nullable Output group(String name) {
        int colon = name.indexOf(':');
        Column column = paths.find(colon < 0 ? name : name.substring(0, colon), GROUP, faults);
        if (column == null) {
            return null;
        }
        if (colon < 0) {
            return column.isSortable() && !column.isLongText()
                    ? output(name, column.type(), FilterCompiler.value(column), false)
                    : fault(
                            GROUP,
                            "%s cannot be grouped by: its values have no order, or are longer than %d characters"
                                    .formatted(column.name(), Column.SORTED_TEXT));
        }
        Bucket bucket = Bucket.of(name.substring(colon + 1)).orElse(null);
        FieldType type = bucket == null ? null : bucket.resultOf(column.type());
        return bucket == null || type == null
                ? fault(
                        GROUP,
                        "\"%s\" is no span of %s, which is of type %s; times have year, quarter, month, week, day, hour, and dates all but the last"
                                .formatted(
                                        Excerpt.of(name.substring(colon + 1)),
                                        column.name(),
                                        column.type().name()))
                : output(name, type, bucket.sql(column), false);
    }

    private SummaryQuery.@Nullable Output measure(String name) {
        int colon = name.indexOf(':');
        Measure measure = Measure.of(colon < 0 ? name : name.substring(0, colon)).orElse(null);
        if (measure == null || (measure == Measure.COUNT) != (colon < 0)) {
            return fault(
                    MEASURES,
                    "\"%s\" is no measure; there are count, and distinct, sum, avg, min, max with a field, as in sum:amount"
                            .formatted(Excerpt.of(name)));
        }
        if (measure == Measure.COUNT) {
            var number = new FieldType.WholeNumber(null, null);
            return output(name, number, measure.sql(null, number), true);
        }
        Column column = paths.find(name.substring(colon + 1), MEASURES, faults);
        if (column == null) {
            return null;
        }
        FieldType type = measure.resultOf(column.type());
        return type == null
                ? fault(
                        MEASURES,
                        "%s is of type %s, of which there is no %s"
                                .formatted(column.name(), column.type().name(), measure.code()))
                : output(name, type, measure.sql(column, type), measure == Measure.DISTINCT);
    }

    private SummaryQuery.Output output(
            String name, FieldType type, org.jooq.Field<?> sql, boolean always) {
        var column =
                new Column(
                        name,
                        SummaryQuery.GROUPED,
                        "_" + outputs.size(),
                        List.of(),
                        type,
                        always,
                        Set.of());
        return new SummaryQuery.Output(column, sql);
    }

    private SummaryQuery.@Nullable Output fault(String parameter, String detail) {
        faults.add(parameter, "no-measure", detail);
        return null;
    }

    private @Nullable String once(String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            faults.add(name, "repeated", "The parameter %s may be given once".formatted(name));
        }
        return values.isEmpty() ? null : values.getFirst();
    }
}
