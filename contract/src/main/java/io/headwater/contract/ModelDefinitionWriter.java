package io.headwater.contract;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A model definition as JSON: only what differs from the defaults is written.
final class ModelDefinitionWriter {
    private ModelDefinitionWriter() {}

    static ObjectNode json(ModelDefinition definition) {
        var json = Json.mapper().createObjectNode();
        if (definition.label() != null) {
            json.put("label", definition.label());
        }
        var fields = json.putObject("fields");
        definition.fields().values().forEach(field -> fields.set(field.name(), json(field)));
        return json;
    }

    private static ObjectNode json(Field field) {
        var json = Json.mapper().createObjectNode();
        json.put("type", field.type().name());
        if (field.label() != null) {
            json.put("label", field.label());
        }
        flag(json, "required", field.required());
        flag(json, "unique", field.unique());
        flag(json, "indexed", field.indexed());
        if (field.search() == SearchWeight.D) {
            json.put("search", true);
        } else if (field.search() != null) {
            json.put("search", field.search().name());
        }
        typeAttributes(json, field.type());
        if (field.preset() != null) {
            json.set("default", field.preset());
        }
        return json;
    }

    private static void typeAttributes(ObjectNode json, FieldType type) {
        switch (type) {
            case FieldType.Text text -> {
                if (text.minLength() > 0) {
                    json.put("minLength", text.minLength());
                }
                json.put("maxLength", text.maxLength());
                if (text.pattern() != null) {
                    json.put("pattern", text.pattern().pattern());
                }
            }
            case FieldType.WholeNumber number -> {
                if (number.min() != null) {
                    json.put("min", number.min());
                }
                if (number.max() != null) {
                    json.put("max", number.max());
                }
            }
            case FieldType.Decimal number -> {
                json.put("precision", number.precision());
                json.put("scale", number.scale());
                bounds(
                        json,
                        number.min() == null ? null : number.min().toPlainString(),
                        number.max() == null ? null : number.max().toPlainString());
            }
            case FieldType.Day day -> bounds(json, day.min(), day.max());
            case FieldType.Moment moment ->
                    bounds(
                            json,
                            moment.min() == null ? null : FieldType.Moment.text(moment.min()),
                            moment.max() == null ? null : FieldType.Moment.text(moment.max()));
            case FieldType.Choice choice -> {
                var options = json.putArray("options");
                choice.options().forEach(options::add);
            }
            case FieldType.Reference reference -> {
                json.put("to", reference.to().value());
                json.put("onDelete", reference.onDelete().name().toLowerCase(Locale.ROOT));
            }
            case FieldType.Items list -> {
                var items = json.putObject("items");
                items.put("type", list.items().name());
                typeAttributes(items, list.items());
                json.put("maxItems", list.maxItems());
            }
            case FieldType.Truth _, FieldType.Uuid _, FieldType.AnyJson _ -> {}
        }
    }

    private static void bounds(ObjectNode json, @Nullable Object min, @Nullable Object max) {
        if (min != null) {
            json.put("min", min.toString());
        }
        if (max != null) {
            json.put("max", max.toString());
        }
    }

    private static void flag(ObjectNode json, String name, boolean value) {
        if (value) {
            json.put(name, true);
        }
    }
}
