package io.headwater.contract;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schema (2020-12) of the records of a model.
public final class RecordSchema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    private RecordSchema() {}

    /// Schema of a record's fields in canonical form.
    public static ObjectNode ofFields(ModelDefinition definition) {
        var schema = Json.mapper().createObjectNode();
        schema.put("type", "object");
        if (definition.label() != null) {
            schema.put("title", definition.label());
        }
        var properties = schema.putObject("properties");
        var required = Json.mapper().createArrayNode();
        for (var field : definition.fields().values()) {
            var property = ofType(field.type());
            if (field.label() != null) {
                property.put("title", field.label());
            }
            if (field.preset() != null) {
                property.set("default", field.preset());
            }
            properties.set(field.name(), property);
            if (field.required()) {
                required.add(field.name());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema.put("additionalProperties", false);
    }

    /// Schema of the payload of a model's record events on Kafka: created, changed and deleted.
    public static ObjectNode ofEvents(ModelName model, int version, ModelDefinition definition) {
        var schema = Json.mapper().createObjectNode();
        schema.put("$schema", DIALECT);
        schema.put("$id", "/models/" + model + "/schema?version=" + version);
        schema.put("type", "object");
        var properties = schema.putObject("properties");
        properties.putObject("model").put("const", model.value());
        properties.putObject("modelVersion").put("const", version);
        properties.putObject("id").put("type", "string").put("pattern", "^[A-Za-z0-9._~-]{1,200}$");
        properties.putObject("revision").put("type", "integer").put("minimum", 1);
        properties.putObject("validFrom").put("type", "string").put("format", "date-time");
        properties.set("fields", ofFields(definition));
        properties
                .putObject("changed")
                .put("type", "array")
                .putObject("items")
                .put("type", "string");
        schema.putArray("required").add("model").add("modelVersion").add("id").add("revision");
        return schema;
    }

    private static ObjectNode ofType(FieldType type) {
        var schema = Json.mapper().createObjectNode();
        switch (type) {
            case FieldType.Text text -> {
                schema.put("type", "string").put("maxLength", text.maxLength());
                if (text.minLength() > 0) {
                    schema.put("minLength", text.minLength());
                }
                if (text.pattern() != null) {
                    schema.put("pattern", text.pattern().pattern());
                }
            }
            case FieldType.WholeNumber number -> {
                schema.put("type", "integer");
                schema.put("minimum", number.min() == null ? Long.MIN_VALUE : number.min());
                schema.put("maximum", number.max() == null ? Long.MAX_VALUE : number.max());
            }
            case FieldType.Decimal number -> decimal(schema, number);
            case FieldType.Truth _ -> schema.put("type", "boolean");
            case FieldType.Day _ -> schema.put("type", "string").put("format", "date");
            case FieldType.Moment _ -> schema.put("type", "string").put("format", "date-time");
            case FieldType.Uuid _ -> schema.put("type", "string").put("format", "uuid");
            case FieldType.Choice choice -> {
                var options = schema.putArray("enum");
                choice.options().forEach(options::add);
            }
            case FieldType.Reference reference ->
                    schema.put("type", "string")
                            .put("pattern", "^[A-Za-z0-9._~-]{1,200}$")
                            .put("description", "id of a record of " + reference.to());
            case FieldType.AnyJson _ -> {}
            case FieldType.Items list -> {
                schema.put("type", "array").put("maxItems", list.maxItems());
                schema.set("items", ofType(list.items()));
            }
        }
        return schema;
    }

    private static void decimal(ObjectNode schema, FieldType.Decimal number) {
        String fraction = number.scale() == 0 ? "" : "\\.[0-9]{" + number.scale() + "}";
        schema.put("type", "string").put("pattern", "^-?[0-9]+" + fraction + "$");
        String range = range(number.min(), number.max());
        if (range != null) {
            schema.put("description", range);
        }
    }

    private static @Nullable String range(@Nullable BigDecimal min, @Nullable BigDecimal max) {
        if (min == null) {
            return max == null ? null : "at most " + max.toPlainString();
        }
        String least = "at least " + min.toPlainString();
        return max == null ? least : least + ", at most " + max.toPlainString();
    }
}
