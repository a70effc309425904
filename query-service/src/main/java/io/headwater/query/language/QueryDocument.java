package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.query.asked.Filter;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.shape.Operator;
import io.headwater.query.shape.RecordShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a query from a JSON document:
///
/// ```json
/// {"filter": {"and": [{"field": "name", "op": "eq", "value": "x"}, {"not": {"field": "tier", "op": "null", "value": true}}]},
///  "search": "words", "sort": ["-name"], "fields": ["name"], "expand": ["country.continent"],
///  "page": {"size": 50, "after": "…"}}
/// ```
public final class QueryDocument {
    private static final Set<String> MEMBERS =
            Set.of("filter", "search", "sort", "fields", "expand", "page", "asOf", "validAt");
    private static final Set<String> PAGE = Set.of("size", "after");
    private static final Set<String> COMPARISON = Set.of("field", "op", "value");

    private final Faults faults;
    private final QueryReader reader;
    private int nodes;

    private QueryDocument(RecordShape shape, Faults faults) {
        this.faults = faults;
        this.reader = new QueryReader(shape, faults);
    }

    /// @param faults their pointers are JSON Pointers into the document
    /// @return null if faults were added
    public static @Nullable RecordQuery read(JsonNode json, RecordShape shape, Faults faults) {
        return new QueryDocument(shape, faults).query(json);
    }

    private @Nullable RecordQuery query(JsonNode json) {
        if (!isObject(json, "", MEMBERS)) {
            return null;
        }
        JsonNode filter = json.get("filter");
        JsonNode page = json.get("page");
        if (page != null) {
            isObject(page, "/page", PAGE);
        }
        JsonNode size = page == null ? null : page.get("size");
        JsonNode search = json.get("search");
        if (search != null && !search.isString()) {
            faults.add("/search", "type", "The words to search for are a text");
        }
        reader.search(search == null ? null : search.asString(null), "/search");
        List<String> sort = texts(json.get("sort"), "/sort");
        List<String> fields = texts(json.get("fields"), "/fields");
        List<String> expand = texts(json.get("expand"), "/expand");
        Filter read = filter == null ? Filter.everything() : filter(filter, "/filter", 1);
        return reader.query(
                read == null ? Filter.everything() : read,
                sort == null || sort.isEmpty()
                        ? null
                        : reader.terms().sort(sort, places("/sort", sort.size())),
                fields == null ? null : reader.fields(fields, places("/fields", fields.size())),
                expand == null
                        ? Expansions.NONE
                        : reader.expand(expand, places("/expand", expand.size())),
                size == null ? RecordQuery.USUAL_PAGE : reader.size(size, "/page/size"),
                page == null ? null : after(page),
                "/page/after");
    }

    private @Nullable String after(JsonNode page) {
        JsonNode after = page.get("after");
        if (after == null || after.isNull()) {
            return null;
        }
        if (!after.isString()) {
            faults.add(
                    "/page/after",
                    "type",
                    "A cursor is a text; take it from next of the page before");
            return null;
        }
        return after.stringValue();
    }

    private @Nullable Filter filter(JsonNode json, String at, int depth) {
        if (++nodes > RecordQuery.MOST_FILTER_NODES) {
            if (nodes == RecordQuery.MOST_FILTER_NODES + 1) {
                faults.add(
                        at,
                        "bound",
                        "A filter has at most %d parts".formatted(RecordQuery.MOST_FILTER_NODES));
            }
            return null;
        }
        if (depth > RecordQuery.DEEPEST_FILTER) {
            faults.add(
                    at,
                    "bound",
                    "A filter is at most %d levels deep".formatted(RecordQuery.DEEPEST_FILTER));
            return null;
        }
        if (!json.isObject()) {
            faults.add(
                    at,
                    "type",
                    "A filter is an object: {\"field\", \"op\", \"value\"}, {\"and\": […]}, {\"or\": […]} or {\"not\": {…}}");
            return null;
        }
        for (String joint : List.of("and", "or", "not")) {
            if (json.has(joint)) {
                return isObject(json, at, Set.of(joint))
                        ? joined(joint, json.get(joint), at + "/" + joint, depth)
                        : null;
            }
        }
        return isObject(json, at, COMPARISON) ? comparison(json, at) : null;
    }

    private @Nullable Filter joined(String joint, JsonNode json, String at, int depth) {
        if (joint.equals("not")) {
            Filter negated = filter(json, at, depth + 1);
            return negated == null ? null : new Filter.Not(negated);
        }
        if (!json.isArray() || json.isEmpty()) {
            faults.add(at, "type", "\"%s\" takes a list with at least one filter".formatted(joint));
            return null;
        }
        List<Filter> filters = new ArrayList<>();
        for (int i = 0; i < json.size() && nodes <= RecordQuery.MOST_FILTER_NODES; i++) {
            Filter filter = filter(json.get(i), at + "/" + i, depth + 1);
            if (filter != null) {
                filters.add(filter);
            }
        }
        return joint.equals("and") ? new Filter.And(filters) : new Filter.Or(filters);
    }

    private @Nullable Filter comparison(JsonNode json, String at) {
        String field = text(json.get("field"), at + "/field");
        String op = text(json.get("op"), at + "/op");
        JsonNode value = json.get("value");
        if (value == null) {
            faults.add(at + "/value", "required", "A comparison needs a value");
        }
        if (field == null || op == null || value == null) {
            return null;
        }
        if (Operator.of(op).filter(Operator::takesList).isEmpty()) {
            return reader.terms()
                    .comparison(
                            field,
                            at + "/field",
                            op,
                            at + "/op",
                            _ -> List.of(value),
                            List.of(at + "/value"));
        }
        if (!value.isArray() || value.isEmpty() || value.size() > RecordQuery.LONGEST_IN_LIST) {
            faults.add(
                    at + "/value",
                    value.isArray() ? "bound" : "type",
                    "%s takes a list of 1 to %,d values"
                            .formatted(op, RecordQuery.LONGEST_IN_LIST));
            return null;
        }
        List<JsonNode> values = new ArrayList<>();
        value.forEach(values::add);
        return reader.terms()
                .comparison(
                        field,
                        at + "/field",
                        op,
                        at + "/op",
                        _ -> values,
                        places(at + "/value", values.size()));
    }

    private @Nullable String text(@Nullable JsonNode json, String at) {
        if (json != null && json.isString()) {
            return json.stringValue();
        }
        faults.add(
                at,
                json == null ? "required" : "type",
                "A comparison is {\"field\": name, \"op\": operator, \"value\": …}; this must be a text");
        return null;
    }

    private @Nullable List<String> texts(@Nullable JsonNode json, String at) {
        if (json == null) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(item -> texts.add(item.isString() ? item.stringValue() : item.toString()));
        } else {
            faults.add(at, "type", "Expected a list of names");
        }
        return texts;
    }

    private boolean isObject(JsonNode json, String at, Set<String> members) {
        if (!json.isObject()) {
            faults.add(at, "type", "Expected an object; got " + Excerpt.of(json.toString()));
            return false;
        }
        boolean known = true;
        for (String name : json.propertyNames()) {
            if (!members.contains(name)) {
                known = false;
                faults.add(
                        Faults.member(at, name),
                        "unknown-member",
                        "\"%s\" has no place here; expected %s"
                                .formatted(Excerpt.of(name), members.stream().sorted().toList()));
            }
        }
        return known;
    }

    private static List<String> places(String at, int count) {
        List<String> places = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            places.add(at + "/" + i);
        }
        return places;
    }
}
