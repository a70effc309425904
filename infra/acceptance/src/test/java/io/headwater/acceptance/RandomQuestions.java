package io.headwater.acceptance;

import io.headwater.acceptance.World.Revision;
import io.headwater.contract.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Filters and orders at random, and what they leave of a list.
///
/// @param shape whose fields may be asked about
record RandomQuestions(Random random, Shape shape) {
    private static final Comparator<String> CODE_POINTS =
            (a, b) ->
                    Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    ObjectNode filter(int depth) {
        ObjectNode filter = Json.mapper().createObjectNode();
        int kind = depth == 0 ? 3 : random.nextInt(7);
        if (kind == 0) {
            return filter.set("not", filter(depth - 1));
        }
        if (kind <= 2) {
            var parts = filter.putArray(kind == 1 ? "and" : "or");
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                parts.add(filter(depth - 1));
            }
            return filter;
        }
        String name = Shape.any(List.copyOf(shape.columns().keySet()), random);
        Shape.Column column = column(name);
        String operator = Shape.any(operators(column), random);
        filter.put("field", name).put("op", operator);
        return switch (operator) {
            case "null" -> filter.put("value", random.nextBoolean());
            case "in" ->
                    filter.set(
                            "value",
                            Json.mapper()
                                    .createArrayNode()
                                    .add(column.value(random))
                                    .add(column.value(random)));
            default -> filter.set("value", column.value(random));
        };
    }

    private static List<String> operators(Shape.Column column) {
        return switch (column.type()) {
            case "text" ->
                    List.of(
                            "eq",
                            "ne",
                            "lt",
                            "lte",
                            "gt",
                            "gte",
                            "in",
                            "null",
                            "contains",
                            "starts");
            case "integer", "decimal", "date" ->
                    List.of("eq", "ne", "lt", "lte", "gt", "gte", "in", "null");
            default -> List.of("eq", "ne", "in", "null");
        };
    }

    List<String> sort() {
        List<String> names = new ArrayList<>(shape.columns().keySet());
        names.addAll(List.of("@id", "@revision", "@position"));
        List<String> sort = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            sort.add(
                    (random.nextBoolean() ? "-" : "") + names.remove(random.nextInt(names.size())));
        }
        return sort;
    }

    List<Revision> answer(
            Map<String, Revision> states, @Nullable ObjectNode filter, List<String> sort) {
        Comparator<Revision> order = null;
        boolean descending = false;
        for (String key : sort) {
            descending = key.startsWith("-");
            Comparator<Revision> one = by(key.replaceFirst("-", ""));
            one = descending ? one.reversed() : one;
            order = order == null ? one : order.thenComparing(one);
        }
        Comparator<Revision> last = descending ? by("@id").reversed() : by("@id");
        return states.values().stream()
                .filter(each -> filter == null || matches(filter, fields(each)))
                .sorted(order == null ? last : order.thenComparing(last))
                .toList();
    }

    private Comparator<Revision> by(String key) {
        return switch (key) {
            case "@id" -> Comparator.comparing(each -> each.ref().id(), CODE_POINTS);
            case "@revision" -> Comparator.comparingLong(Revision::revision);
            case "@position" -> Comparator.comparingLong(Revision::position);
            default ->
                    Comparator.comparing(
                            each -> fields(each).get(key),
                            Comparator.nullsLast((a, b) -> compare(column(key), a, b)));
        };
    }

    private static ObjectNode fields(Revision revision) {
        return Objects.requireNonNull(revision.fields());
    }

    private Shape.Column column(String name) {
        return Objects.requireNonNull(shape.columns().get(name));
    }

    private boolean matches(JsonNode filter, ObjectNode record) {
        if (filter.has("not")) {
            return !matches(filter.get("not"), record);
        }
        if (filter.has("and")) {
            return filter.get("and").valueStream().allMatch(part -> matches(part, record));
        }
        if (filter.has("or")) {
            return filter.get("or").valueStream().anyMatch(part -> matches(part, record));
        }
        String name = filter.get("field").stringValue();
        String operator = filter.get("op").stringValue();
        JsonNode value = filter.get("value");
        JsonNode actual = record.get(name);
        if (operator.equals("null")) {
            return (actual == null) == value.booleanValue();
        }
        if (actual == null) {
            return operator.equals("ne");
        }
        Shape.Column column = column(name);
        return switch (operator) {
            case "eq" -> compare(column, actual, value) == 0;
            case "ne" -> compare(column, actual, value) != 0;
            case "lt" -> compare(column, actual, value) < 0;
            case "lte" -> compare(column, actual, value) <= 0;
            case "gt" -> compare(column, actual, value) > 0;
            case "gte" -> compare(column, actual, value) >= 0;
            case "in" -> value.valueStream().anyMatch(one -> compare(column, actual, one) == 0);
            case "contains" -> actual.stringValue().contains(value.stringValue());
            case "starts" -> actual.stringValue().startsWith(value.stringValue());
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static int compare(Shape.Column column, JsonNode a, JsonNode b) {
        return switch (column.type()) {
            case "integer" -> Long.compare(a.longValue(), b.longValue());
            case "decimal" ->
                    new BigDecimal(a.stringValue()).compareTo(new BigDecimal(b.stringValue()));
            case "boolean" -> Boolean.compare(a.booleanValue(), b.booleanValue());
            default -> CODE_POINTS.compare(a.stringValue(), b.stringValue());
        };
    }
}
