package io.headwater.query.asked;

import io.headwater.contract.ModelName;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One page of the records of a model, as a client asked for it, checked against the model.
///
/// @param joins the referred records that filter and sort look at
/// @param search words that the records must have; null for any
/// @param sort ends with the id, so that the order is total
/// @param fields to answer, null for all
/// @param expand what is put beside each record
/// @param size most records on the page; 1 to [#LARGEST_PAGE]
/// @param after where the page before ended, null for the first page
/// @param source the states of records that it is about
public record RecordQuery(
        RecordShape shape,
        List<Join> joins,
        Filter filter,
        @Nullable Search search,
        List<SortKey> sort,
        @Nullable List<Column> fields,
        Expansions expand,
        int size,
        @Nullable PageCursor after,
        RowSource source) {

    public static final int LARGEST_PAGE = 1_000;
    public static final int USUAL_PAGE = 50;
    public static final int MOST_SORT_KEYS = 4;
    public static final int MOST_FILTER_NODES = 200;
    public static final int DEEPEST_FILTER = 10;
    public static final int LONGEST_IN_LIST = 1_000;

    public RecordQuery {
        joins = List.copyOf(joins);
        sort = List.copyOf(sort);
        fields = fields == null ? null : List.copyOf(fields);
    }

    /// The fields that an answer shows.
    public List<Column> shown() {
        return fields == null ? shape.fields() : fields;
    }

    /// The same query of other states of the records.
    public RecordQuery from(RowSource other) {
        return new RecordQuery(
                shape, joins, filter, search, sort, fields, expand, size, after, other);
    }

    /// The page behind a cursor.
    public RecordQuery after(PageCursor cursor) {
        return new RecordQuery(
                shape, joins, filter, search, sort, fields, expand, size, cursor, source);
    }

    /// What no index serves, and what to declare so that one does.
    public Unindexed unindexed() {
        return Unindexed.of(this);
    }

    /// The models besides its own that a statement of it depends on.
    public Set<ModelName> others() {
        Set<ModelName> models = expand.models(shape.model());
        joins.forEach(join -> models.add(join.to().model()));
        models.remove(shape.model());
        return models;
    }

    /// The same query of all records in one piece.
    ///
    /// @param cursor behind which they are; null for all
    public RecordQuery whole(@Nullable PageCursor cursor) {
        return new RecordQuery(
                shape,
                joins,
                filter,
                search,
                sort,
                fields,
                expand,
                Integer.MAX_VALUE,
                cursor,
                source);
    }

    /// What cursors of this query are bound to: they are of use for no other.
    public String binding() {
        return shape.model()
                + " "
                + sort
                + " "
                + filter.toJson()
                + (search == null ? "" : " " + search.given());
    }
}
