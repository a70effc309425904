package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.query.asked.SummaryQuery;
import io.headwater.query.shape.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the groups and measures of a summary, which `having` and sorts name afterwards.
final class OutputReader implements Names {
    private final Paths paths;
    private final Faults faults;
    private final Map<String, SummaryQuery.Output> outputs = new LinkedHashMap<>();

    OutputReader(Paths paths, Faults faults) {
        this.paths = paths;
        this.faults = faults;
    }

    /// @param where they stand, for faults
    List<SummaryQuery.Output> groups(List<String> names, String where) {
        return all(names, where, SummaryQuery.MOST_GROUPS, name -> group(name, where));
    }

    /// @param where they stand, for faults
    List<SummaryQuery.Output> measures(List<String> names, String where) {
        return all(names, where, SummaryQuery.MOST_MEASURES, name -> measure(name, where));
    }

    private List<SummaryQuery.Output> all(
            List<String> names,
            String where,
            int most,
            Function<String, SummaryQuery.@Nullable Output> read) {
        List<SummaryQuery.Output> all = new ArrayList<>();
        if (names.size() > most) {
            faults.add(where, "bound", "At most %d; got %d".formatted(most, names.size()));
            return all;
        }
        for (String name : names) {
            SummaryQuery.Output output = read.apply(name);
            if (output != null && outputs.putIfAbsent(name, output) != null) {
                faults.add(where, "repeated", "%s stands there twice".formatted(name));
            } else if (output != null) {
                all.add(output);
            }
        }
        return all;
    }

    @Override
    public @Nullable Column find(String name, String where, Faults to) {
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

    private SummaryQuery.@Nullable Output group(String name, String where) {
        int colon = name.indexOf(':');
        Column column = paths.find(colon < 0 ? name : name.substring(0, colon), where, faults);
        if (column == null) {
            return null;
        }
        if (colon < 0) {
            return column.isSortable() && !column.isLongText()
                    ? output(name, column.type(), column.sql(), false)
                    : fault(
                            where,
                            "%s cannot be grouped by: its values have no order, or are longer than %d characters"
                                    .formatted(column.name(), Column.SORTED_TEXT));
        }
        Bucket bucket = Bucket.of(name.substring(colon + 1)).orElse(null);
        FieldType type = bucket == null ? null : bucket.resultOf(column.type());
        return bucket == null || type == null
                ? fault(
                        where,
                        "\"%s\" is no span of %s, which is of type %s; times have year, quarter, month, week, day, hour, and dates all but the last"
                                .formatted(
                                        Excerpt.of(name.substring(colon + 1)),
                                        column.name(),
                                        column.type().name()))
                : output(name, type, bucket.sql(column), false);
    }

    private SummaryQuery.@Nullable Output measure(String name, String where) {
        int colon = name.indexOf(':');
        Measure measure = Measure.of(colon < 0 ? name : name.substring(0, colon)).orElse(null);
        if (measure == null || (measure == Measure.COUNT) != (colon < 0)) {
            return fault(
                    where,
                    "\"%s\" is no measure; there are count, and distinct, sum, avg, min, max with a field, as in sum:amount"
                            .formatted(Excerpt.of(name)));
        }
        if (measure == Measure.COUNT) {
            var number = new FieldType.WholeNumber(null, null);
            return output(name, number, measure.sql(null, number), true);
        }
        Column column = paths.find(name.substring(colon + 1), where, faults);
        if (column == null) {
            return null;
        }
        FieldType type = measure.resultOf(column.type());
        return type == null
                ? fault(
                        where,
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
}
