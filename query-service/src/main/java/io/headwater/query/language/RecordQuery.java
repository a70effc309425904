package io.headwater.query.language;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of the records of a model, as a client asked for it, checked against the model.
///
/// @param sort ends with the id, so that the order is total
/// @param fields to answer, null for all
/// @param size most records on the page; 1 to [#LARGEST_PAGE]
/// @param after where the page before ended, null for the first page
/// @param source the states of records that it is about
public record RecordQuery(
        RecordShape shape,
        Filter filter,
        List<SortKey> sort,
        @Nullable List<Column> fields,
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
        sort = List.copyOf(sort);
        fields = fields == null ? null : List.copyOf(fields);
    }

    /// The fields that an answer shows.
    public List<Column> shown() {
        return fields == null ? shape.fields() : fields;
    }

    /// The same query of other states of the records.
    public RecordQuery from(RowSource other) {
        return new RecordQuery(shape, filter, sort, fields, size, after, other);
    }

    /// The same query of all records in one piece.
    ///
    /// @param cursor behind which they are; null for all
    public RecordQuery whole(@Nullable PageCursor cursor) {
        return new RecordQuery(shape, filter, sort, fields, Integer.MAX_VALUE, cursor, source);
    }

    /// What cursors of this query are bound to: they are of use for no other.
    String binding() {
        return shape.model() + " " + sort + " " + filter.toJson();
    }
}
