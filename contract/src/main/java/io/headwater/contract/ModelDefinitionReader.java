package io.headwater.contract;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// Reads a model definition, one field after the other, and says all that is wrong with it.
final class ModelDefinitionReader {
    private static final int MOST_FIELDS = 200;
    private static final Set<String> FIELD_ATTRIBUTES =
            Set.of("type", "label", "required", "unique", "indexed", "search", "default");
    private static final Map<String, Set<String>> TYPE_ATTRIBUTES =
            Map.ofEntries(
                    Map.entry("text", Set.of("minLength", "maxLength", "pattern")),
                    Map.entry("integer", Set.of("min", "max")),
                    Map.entry("decimal", Set.of("precision", "scale", "min", "max")),
                    Map.entry("boolean", Set.of()),
                    Map.entry("date", Set.of("min", "max")),
                    Map.entry("timestamp", Set.of("min", "max")),
                    Map.entry("uuid", Set.of()),
                    Map.entry("enum", Set.of("options")),
                    Map.entry("reference", Set.of("to", "onDelete")),
                    Map.entry("json", Set.of()),
                    Map.entry("list", Set.of("items", "maxItems")));

    /// So that the words of a record fit into an entry of the read model's index.
    private static final int MOST_SEARCHED = 8;

    private final Faults faults;

    ModelDefinitionReader(Faults faults) {
        this.faults = faults;
    }

    @Nullable ModelDefinition definition(JsonNode json) {
        if (!json.isObject()) {
            faults.add("", "type", "A model is a JSON object with \"label\" and \"fields\"");
            return null;
        }
        known(json, "", Set.of("label", "fields"));
        String label = label(json, "");
        JsonNode members = json.get("fields");
        if (members == null || !members.isObject() || members.isEmpty()) {
            faults.add("/fields", "required", "A model needs an object \"fields\" with its fields");
            return null;
        }
        if (members.size() > MOST_FIELDS) {
            faults.add("/fields", "maxFields", "At most " + MOST_FIELDS + " fields");
            return null;
        }
        var fields = new LinkedHashMap<String, Field>();
        for (var member : members.properties()) {
            Field field = field(member.getKey(), member.getValue());
            if (field != null) {
                fields.put(member.getKey(), field);
            }
        }
        if (fields.values().stream().filter(field -> field.search() != null).count()
                > MOST_SEARCHED) {
            faults.add("/fields", "search", "At most " + MOST_SEARCHED + " fields are searched");
        }
        return faults.isEmpty() ? new ModelDefinition(label, fields) : null;
    }

    private @Nullable Field field(String name, JsonNode json) {
        String at = Faults.member("/fields", name);
        if (!Field.isValidName(name)) {
            faults.add(at, "name", Field.RULE + "; got \"" + Excerpt.of(name) + "\"");
            return null;
        }
        if (!json.isObject()) {
            faults.add(at, "type", "A field is a JSON object with at least a \"type\"");
            return null;
        }
        boolean unique = flag(json, at, "unique");
        boolean indexed = flag(json, at, "indexed");
        FieldType type = type(json, at, FIELD_ATTRIBUTES, unique || indexed);
        if (type == null) {
            return null;
        }
        if ((unique || indexed) && type instanceof FieldType.AnyJson) {
            faults.add(at, "unique", "A field of type json cannot be unique or indexed");
        }
        if (unique && type instanceof FieldType.Items) {
            faults.add(at, "unique", "A field of type list cannot be unique");
        }
        if (unique && type instanceof FieldType.Truth) {
            faults.add(at + "/unique", "unique", "A boolean field cannot be unique");
        }
        JsonNode preset = preset(json, at, type);
        if (preset != null && unique) {
            faults.add(at + "/default", "unique", "A unique field cannot have a default");
        }
        return new Field(
                name,
                label(json, at),
                type,
                flag(json, at, "required"),
                unique,
                indexed,
                search(json, at, type),
                preset);
    }

    private @Nullable SearchWeight search(JsonNode json, String at, FieldType type) {
        JsonNode given = json.get("search");
        if (given == null || given.isNull() || given.equals(BooleanNode.FALSE)) {
            return null;
        }
        if (!(type instanceof FieldType.Text)) {
            faults.add(at + "/search", "search", "Only fields of type text are searched");
            return null;
        }
        if (given.equals(BooleanNode.TRUE)) {
            return SearchWeight.D;
        }
        for (SearchWeight weight : SearchWeight.values()) {
            if (given.asString("").equals(weight.name())) {
                return weight;
            }
        }
        faults.add(
                at + "/search",
                "search",
                "search is true, or how much the field counts: A, B, C or D; true is D");
        return null;
    }

    private @Nullable JsonNode preset(JsonNode json, String at, FieldType type) {
        JsonNode given = json.get("default");
        return given == null || given.isNull()
                ? null
                : type.canonical(given, at + "/default", faults);
    }

    private @Nullable FieldType type(
            JsonNode json, String at, Set<String> general, boolean hasIndex) {
        String name = text(json, at, "type");
        Set<String> special = name == null ? null : TYPE_ATTRIBUTES.get(name);
        if (name == null || special == null) {
            faults.add(
                    at + "/type",
                    "type",
                    "A type is one of "
                            + String.join(
                                    ", ", TYPE_ATTRIBUTES.keySet().stream().sorted().toList()));
            return null;
        }
        var known = new java.util.HashSet<>(general);
        known.addAll(special);
        known(json, at, known);
        return switch (name) {
            case "text" -> textType(json, at, hasIndex);
            case "integer" -> {
                Long min = whole(json, at, "min");
                Long max = whole(json, at, "max");
                ordered(min, max, at);
                yield new FieldType.WholeNumber(min, max);
            }
            case "decimal" -> decimalType(json, at);
            case "boolean" -> new FieldType.Truth();
            case "date" -> {
                LocalDate min = day(json, at, "min");
                LocalDate max = day(json, at, "max");
                ordered(min, max, at);
                yield new FieldType.Day(min, max);
            }
            case "timestamp" -> {
                Instant min = moment(json, at, "min");
                Instant max = moment(json, at, "max");
                ordered(min, max, at);
                yield new FieldType.Moment(min, max);
            }
            case "uuid" -> new FieldType.Uuid();
            case "enum" -> choiceType(json, at);
            case "reference" -> referenceType(json, at);
            case "json" -> new FieldType.AnyJson();
            case "list" -> listType(json, at, hasIndex);
            default -> throw new IllegalStateException("type " + name);
        };
    }

    private FieldType textType(JsonNode json, String at, boolean hasIndex) {
        int most = hasIndex ? FieldType.LONGEST_INDEXED_TEXT : FieldType.LONGEST_TEXT;
        int minLength = number(json, at, "minLength", 0, most, 0);
        int maxLength = number(json, at, "maxLength", 1, most, most);
        if (minLength > maxLength) {
            faults.add(at + "/minLength", "range", "minLength is more than maxLength");
        }
        String pattern = text(json, at, "pattern");
        Pattern compiled = null;
        if (pattern != null) {
            try {
                compiled = Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                faults.add(
                        at + "/pattern",
                        "pattern",
                        "No RE2 expression: %s (look-around and back-references are not taken)"
                                .formatted(Excerpt.of(e.getDescription())));
            }
        }
        return new FieldType.Text(minLength, maxLength, compiled);
    }

    private FieldType decimalType(JsonNode json, String at) {
        int precision = number(json, at, "precision", 1, 38, 38);
        int scale = number(json, at, "scale", 0, precision, Math.min(2, precision));
        BigDecimal min = decimal(json, at, "min");
        BigDecimal max = decimal(json, at, "max");
        ordered(min, max, at);
        return new FieldType.Decimal(precision, scale, min, max);
    }

    private @Nullable FieldType choiceType(JsonNode json, String at) {
        JsonNode given = json.get("options");
        var options = new ArrayList<String>();
        if (given != null && given.isArray()) {
            for (var option : given) {
                boolean fits =
                        option.isString()
                                && !option.stringValue().isEmpty()
                                && option.stringValue().length() <= 100
                                && UnicodeText.flaw(option) == null
                                && !options.contains(option.stringValue());
                if (fits) {
                    options.add(option.stringValue());
                }
            }
        }
        if (given == null
                || options.isEmpty()
                || options.size() < given.size()
                || options.size() > 1_000) {
            faults.add(
                    at + "/options",
                    "options",
                    "An enum needs 1 to 1,000 different options, each a text of 1 to 100 characters");
            return null;
        }
        return new FieldType.Choice(options);
    }

    private @Nullable FieldType referenceType(JsonNode json, String at) {
        String to = text(json, at, "to");
        if (to == null || !ModelName.isValid(to)) {
            faults.add(
                    at + "/to",
                    "to",
                    "A reference needs \"to\", the name of a model. " + ModelName.RULE);
            return null;
        }
        String given = text(json, at, "onDelete");
        var onDelete =
                switch (given) {
                    case null -> FieldType.OnDelete.RESTRICT;
                    case "restrict" -> FieldType.OnDelete.RESTRICT;
                    case "clear" -> FieldType.OnDelete.CLEAR;
                    case "cascade" -> FieldType.OnDelete.CASCADE;
                    default -> null;
                };
        if (onDelete == null) {
            faults.add(at + "/onDelete", "onDelete", "onDelete is one of restrict, clear, cascade");
            return null;
        }
        if (onDelete == FieldType.OnDelete.CLEAR && flag(json, at, "required")) {
            faults.add(
                    at + "/onDelete",
                    "onDelete",
                    "A required reference cannot be cleared on delete");
        }
        return new FieldType.Reference(new ModelName(to), onDelete);
    }

    private @Nullable FieldType listType(JsonNode json, String at, boolean hasIndex) {
        JsonNode items = json.get("items");
        if (items == null || !items.isObject()) {
            faults.add(
                    at + "/items",
                    "required",
                    "A list needs \"items\", an object with their \"type\"");
            return null;
        }
        FieldType type = type(items, at + "/items", Set.of("type"), hasIndex);
        if (type != null && Set.of("list", "json", "reference").contains(type.name())) {
            faults.add(
                    at + "/items/type", "type", "A list holds scalar values, not " + type.name());
            return null;
        }
        int maxItems = number(json, at, "maxItems", 1, 10_000, 1_000);
        return type == null ? null : new FieldType.Items(type, maxItems);
    }

    private void known(JsonNode json, String at, Set<String> names) {
        for (var member : json.properties()) {
            if (!names.contains(member.getKey())) {
                faults.add(
                        Faults.member(at, member.getKey()),
                        "unknown-attribute",
                        "Not known here; known are "
                                + String.join(", ", names.stream().sorted().toList()));
            }
        }
    }

    private @Nullable String label(JsonNode json, String at) {
        String label = text(json, at, "label");
        if (label != null && (label.length() > 200 || UnicodeText.flaw(label) != null)) {
            faults.add(at + "/label", "label", "A label is a text of at most 200 characters");
        }
        return label;
    }

    private @Nullable String text(JsonNode json, String at, String name) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()
                || UnicodeText.flaw(value) != null
                || value.stringValue().length() > 1_000) {
            faults.add(at + "/" + name, "type", "Expected a text of at most 1,000 characters");
            return null;
        }
        return value.stringValue();
    }

    private boolean flag(JsonNode json, String at, String name) {
        JsonNode value = json.get(name);
        if (value != null && !value.isBoolean()) {
            faults.add(at + "/" + name, "type", "Expected true or false");
        }
        return value != null && value.isBoolean() && value.booleanValue();
    }

    private int number(JsonNode json, String at, String name, int least, int most, int preset) {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return preset;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            faults.add(
                    at + "/" + name,
                    "range",
                    "Expected a whole number from %,d to %,d".formatted(least, most));
            return preset;
        }
        return value.intValue();
    }

    private @Nullable JsonNode bound(JsonNode json, String at, String name, FieldType type) {
        JsonNode value = json.get(name);
        return value == null || value.isNull()
                ? null
                : type.canonical(value, at + "/" + name, faults);
    }

    private @Nullable Long whole(JsonNode json, String at, String name) {
        JsonNode value = bound(json, at, name, new FieldType.WholeNumber(null, null));
        return value == null ? null : value.longValue();
    }

    private @Nullable BigDecimal decimal(JsonNode json, String at, String name) {
        JsonNode value = bound(json, at, name, new FieldType.Decimal(38, 19, null, null));
        return value == null ? null : new BigDecimal(value.stringValue()).stripTrailingZeros();
    }

    private @Nullable LocalDate day(JsonNode json, String at, String name) {
        JsonNode value = bound(json, at, name, new FieldType.Day(null, null));
        return value == null ? null : LocalDate.parse(value.stringValue());
    }

    private @Nullable Instant moment(JsonNode json, String at, String name) {
        JsonNode value = bound(json, at, name, new FieldType.Moment(null, null));
        return value == null ? null : Instant.parse(value.stringValue());
    }

    private <T extends Comparable<? super T>> void ordered(
            @Nullable T min, @Nullable T max, String at) {
        if (min != null && max != null && min.compareTo(max) > 0) {
            faults.add(at + "/min", "range", "min is more than max");
        }
    }

    static List<String> typeNames() {
        return TYPE_ATTRIBUTES.keySet().stream().sorted().toList();
    }
}
