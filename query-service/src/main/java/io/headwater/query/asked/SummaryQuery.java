package io.headwater.query.asked;

import io.headwater.contract.ModelName;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// One page of a summary of a model's records, checked against the model: a row for each group.
///
/// @param joins the referred records that filter, groups and measures look at
/// @param filter which records count
/// @param search words that they must have; null for any
/// @param groups what the records of one group have in common; without any, all are one group
/// @param having which groups are answered
/// @param sort ends with all groups, so that the order is total
/// @param size most groups on the page; 1 to [RecordQuery#LARGEST_PAGE]
/// @param after where the page before ended, null for the first page
/// @param source the states of records that it is about
public record SummaryQuery(
        RecordShape shape,
        List<Join> joins,
        Filter filter,
        @Nullable Search search,
        List<Output> groups,
        List<Output> measures,
        Filter having,
        List<SortKey> sort,
        int size,
        @Nullable PageCursor after,
        RowSource source) {
    public static final int MOST_GROUPS = 5;
    public static final int MOST_MEASURES = 20;

    /// Alias of the groups.
    public static final Name GROUPED = DSL.name("g");

    /// @param column how it is named, and where it stands among the groups
    /// @param sql how it is worked out of the records
    public record Output(Column column, Field<?> sql) {}

    public SummaryQuery {
        joins = List.copyOf(joins);
        groups = List.copyOf(groups);
        measures = List.copyOf(measures);
        sort = List.copyOf(sort);
    }

    public List<Output> outputs() {
        return Stream.concat(groups.stream(), measures.stream()).toList();
    }

    /// How many of the columns that are answered tell the group.
    public int grouped() {
        return groups.size();
    }

    /// What no index serves of the filter, and what to declare so that one does.
    public Unindexed unindexed() {
        return Unindexed.of(this);
    }

    /// The same summary of other states of the records.
    public SummaryQuery from(RowSource other) {
        return new SummaryQuery(
                shape, joins, filter, search, groups, measures, having, sort, size, after, other);
    }

    public SummaryQuery after(PageCursor cursor) {
        return new SummaryQuery(
                shape, joins, filter, search, groups, measures, having, sort, size, cursor, source);
    }

    public Set<ModelName> others() {
        Set<ModelName> models = new TreeSet<>();
        joins.forEach(join -> models.add(join.to().model()));
        models.remove(shape.model());
        return models;
    }

    /// What cursors of this summary are bound to: they are of use for no other.
    public String binding() {
        return "summary of %s by %s of %s with %s sorted by %s, search %s"
                .formatted(
                        shape.model(),
                        outputs().stream().map(output -> output.column().name()).toList(),
                        filter.toJson(),
                        having.toJson(),
                        sort,
                        search == null ? "" : search.given());
    }
}
