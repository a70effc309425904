package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.query.asked.Filter;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.asked.Search;
import io.headwater.query.asked.SortKey;
import io.headwater.query.expansion.ExpansionReader;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The rules that both ways of asking, URL and JSON, have in common. A place is the name of a query
/// parameter there and a JSON Pointer here.
final class QueryReader {
    private static final List<SortKey> BY_RANK = List.of(new SortKey(Search.RANKED, true));

    private final RecordShape shape;
    private final Paths paths;
    private final TermReader terms;
    private final Faults faults;
    private @Nullable Search search;

    QueryReader(RecordShape shape, Faults faults) {
        this.shape = shape;
        this.paths = new Paths(shape);
        this.terms = new TermReader(paths, faults);
        this.faults = faults;
    }

    Paths paths() {
        return paths;
    }

    TermReader terms() {
        return terms;
    }

    /// The id makes the order total. It goes the way of the key before it, so that an index on
    /// (field, id) serves both ways; keys behind it would never be looked at.
    private static List<SortKey> total(List<SortKey> sort) {
        List<SortKey> total = new ArrayList<>();
        for (SortKey key : sort) {
            total.add(key);
            if (key.column().equals(RecordShape.id())) {
                return total;
            }
        }
        total.add(new SortKey(RecordShape.id(), !sort.isEmpty() && sort.getLast().descending()));
        return total;
    }

    List<Column> fields(List<String> names, List<String> places) {
        List<Column> fields = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Column column = shape.find(names.get(i));
            if (column == null) {
                faults.add(places.get(i), "unknown-field", shape.unknown(names.get(i)));
            } else if (!shape.fields().contains(column)) {
                faults.add(
                        places.get(i),
                        "envelope",
                        "%s is in every envelope; fields names fields of the model"
                                .formatted(column.name()));
            } else if (!fields.contains(column)) {
                fields.add(column);
            }
        }
        return fields;
    }

    /// @param names each the names of one way through the models, joined by dots
    Expansions expand(List<String> names, List<String> places) {
        return new ExpansionReader(faults).expansions(shape, names, places);
    }

    int size(JsonNode given, String where) {
        if (given.isIntegralNumber()
                && given.canConvertToInt()
                && given.intValue() >= 1
                && given.intValue() <= RecordQuery.LARGEST_PAGE) {
            return given.intValue();
        }
        faults.add(
                where,
                "bound",
                "A page has 1 to %,d records; got %s"
                        .formatted(RecordQuery.LARGEST_PAGE, Excerpt.of(given.toString())));
        return RecordQuery.USUAL_PAGE;
    }

    /// To be read first: filter and sort may name its rank.
    void search(@Nullable String words, String where) {
        search = words == null ? null : Search.read(words, shape, where, faults);
        if (search != null) {
            paths.rank();
        }
    }

    /// The query, its cursor read; null if there are faults.
    ///
    /// @param sort null for the usual order: of a search the best first, else by id
    @Nullable RecordQuery query(
            Filter filter,
            @Nullable List<SortKey> sort,
            @Nullable List<Column> fields,
            Expansions expand,
            int size,
            @Nullable String after,
            String afterAt) {
        if (!faults.isEmpty()) {
            return null;
        }
        var first =
                new RecordQuery(
                        shape,
                        paths.joins(),
                        filter,
                        search,
                        total(sort != null ? sort : search == null ? List.of() : BY_RANK),
                        fields,
                        expand,
                        size,
                        null,
                        RowSource.now());
        if (after == null) {
            return first;
        }
        PageCursor cursor =
                PageCursor.decode(after, first.binding(), first.sort(), afterAt, faults);
        return cursor == null ? null : first.after(cursor);
    }
}
