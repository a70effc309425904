package io.headwater.acceptance;

import io.headwater.contract.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A model as the plain model of the system has it, and random ones.
///
/// @param columns by name, at least one
record Shape(Map<String, Column> columns) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> SCALARS =
            List.of("text", "integer", "decimal", "boolean", "date", "enum");
    // Lower case and plain, so that no question hangs on what counts as the same letter.
    private static final List<String> TEXTS =
            List.of("a", "ab", "abc", "b", "ba", "c", "a b", "a%b", "a_b", "'; --", "zz");
    private static final List<String> DECIMALS = List.of("-1.50", "0.00", "0.25", "9.99", "10.00");
    private static final List<String> DAYS =
            List.of("0001-01-01", "1999-12-31", "2026-01-31", "9999-12-31");

    /// @param most greatest integer, or number of the last option
    /// @param to of a reference
    /// @param preset value of a record that is created without one
    record Column(
            String type,
            boolean required,
            boolean unique,
            boolean indexed,
            int most,
            @Nullable String to,
            String onDelete,
            @Nullable JsonNode preset) {
        ObjectNode json() {
            ObjectNode json = Json.mapper().createObjectNode().put("type", type);
            switch (type) {
                case "text" -> json.put("maxLength", 100);
                case "integer" -> json.put("max", most).put("min", -most);
                case "decimal" -> json.put("precision", 9).put("scale", 2);
                case "enum" -> {
                    var options = json.putArray("options");
                    for (int i = 0; i <= most; i++) {
                        options.add("o" + i);
                    }
                }
                case "reference" -> json.put("to", to).put("onDelete", onDelete);
                default -> {}
            }
            if (required) {
                json.put("required", true);
            }
            if (unique) {
                json.put("unique", true);
            }
            if (indexed) {
                json.put("indexed", true);
            }
            if (preset != null) {
                json.set("default", preset);
            }
            return json;
        }

        JsonNode value(Random random) {
            return switch (type) {
                case "text" -> JSON.stringNode(any(TEXTS, random));
                case "integer" -> JSON.numberNode(random.nextInt(2 * most + 1) - most);
                case "decimal" -> JSON.stringNode(any(DECIMALS, random));
                case "boolean" -> JSON.booleanNode(random.nextBoolean());
                case "date" -> JSON.stringNode(any(DAYS, random));
                case "enum" -> JSON.stringNode("o" + random.nextInt(most + 1));
                case "reference" -> JSON.stringNode(id(random));
                default -> throw new IllegalStateException(type);
            };
        }

        /// Only what [#value] or [#wrong] gave is asked about.
        boolean takes(JsonNode value) {
            return switch (type) {
                case "integer" -> value.isNumber() && Math.abs(value.intValue()) <= most;
                case "enum" ->
                        value.isString()
                                && Integer.parseInt(value.stringValue().substring(1)) <= most;
                case "boolean" -> value.isBoolean();
                default -> value.isString();
            };
        }

        JsonNode wrong() {
            return switch (type) {
                case "integer" -> JSON.numberNode(most + 1);
                case "enum" -> JSON.stringNode("o" + (most + 1));
                case "boolean" -> JSON.stringNode("true");
                default -> JSON.booleanNode(true);
            };
        }
    }

    static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    static String id(Random random) {
        return "r" + random.nextInt(7);
    }

    String json() {
        ObjectNode json = Json.mapper().createObjectNode();
        ObjectNode fields = json.putObject("fields");
        columns.forEach((name, column) -> fields.set(name, column.json()));
        return json.toString();
    }

    /// @param targets models that it may refer to
    static Shape random(Random random, List<String> targets) {
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("code", new Column("text", false, true, false, 0, null, "restrict", null));
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
            columns.put("f" + columns.size(), column(random, random.nextInt(4) == 0));
        }
        for (String target : targets) {
            columns.put("to_" + target, reference(random, target));
        }
        return new Shape(columns);
    }

    private static Column reference(Random random, String target) {
        String onDelete = any(List.of("restrict", "clear", "cascade"), random);
        return new Column("reference", false, false, false, 0, target, onDelete, null);
    }

    private static Column column(Random random, boolean required) {
        Column column =
                new Column(
                        any(SCALARS, random),
                        required,
                        false,
                        random.nextBoolean(),
                        2 + random.nextInt(3),
                        null,
                        "restrict",
                        null);
        return random.nextInt(4) == 0
                ? new Column(
                        column.type(),
                        required,
                        false,
                        column.indexed(),
                        column.most(),
                        null,
                        "restrict",
                        column.value(random))
                : column;
    }

    /// A definition that must go through.
    Shape evolved(Random random) {
        Map<String, Column> next = new LinkedHashMap<>(columns);
        String name = any(new ArrayList<>(columns.keySet()), random);
        Column old = Objects.requireNonNull(columns.get(name));
        switch (random.nextInt(5)) {
            case 0 ->
                    next.put(
                            name,
                            new Column(
                                    old.type(),
                                    false,
                                    old.unique(),
                                    !old.indexed(),
                                    old.most(),
                                    old.to(),
                                    old.onDelete(),
                                    old.preset()));
            case 1 ->
                    next.put(
                            name,
                            new Column(
                                    old.type(),
                                    old.required(),
                                    old.unique() && random.nextInt(3) > 0,
                                    old.indexed(),
                                    old.most() + 1,
                                    old.to(),
                                    any(List.of("restrict", "clear", "cascade"), random),
                                    old.preset()));
            default -> {
                if (columns.size() < 14) {
                    next.put("f" + columns.size(), column(random, false));
                }
            }
        }
        return new Shape(next);
    }

    /// A definition that must be refused.
    Shape broken(Random random) {
        Map<String, Column> next = new LinkedHashMap<>(columns);
        switch (random.nextInt(3)) {
            case 0 -> next.remove("code");
            case 1 -> next.put("extra", column(random, true));
            default ->
                    next.put(
                            "code",
                            new Column("integer", false, false, false, 5, null, "restrict", null));
        }
        return new Shape(next);
    }
}
