package io.headwater.query.rows;

import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Canonical JSON values as the text that PostgreSQL reads into the field's column.
final class ColumnText {
    private ColumnText() {}

    /// @param value null if the field is not set
    /// @throws UnappliableException if the value's JSON type is not that of the field
    static @Nullable String of(Field field, @Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        String text = of(field.type(), value);
        if (text == null) {
            throw new UnappliableException(
                    "the field %s is of type %s, and its value is %s"
                            .formatted(
                                    field.name(), field.type().name(), value.getNodeType().name()));
        }
        return text;
    }

    private static @Nullable String of(FieldType type, JsonNode value) {
        return switch (type) {
            case FieldType.Text _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.Decimal _,
                    FieldType.Day _,
                    FieldType.Moment _,
                    FieldType.Uuid _ ->
                    value.isString() ? value.stringValue() : null;
            case FieldType.WholeNumber _ -> value.isIntegralNumber() ? value.asString() : null;
            case FieldType.Truth _ -> value.isBoolean() ? value.asString() : null;
            case FieldType.AnyJson _ -> Json.mapper().writeValueAsString(value);
            case FieldType.Items(var items, var _) -> value.isArray() ? array(items, value) : null;
        };
    }

    /// An array literal, every item quoted.
    private static @Nullable String array(FieldType items, JsonNode values) {
        var literal = new StringBuilder("{");
        for (JsonNode value : values) {
            String item = of(items, value);
            if (item == null) {
                return null;
            }
            literal.append(literal.length() == 1 ? "\"" : ",\"");
            for (int i = 0; i < item.length(); i++) {
                char c = item.charAt(i);
                if (c == '"' || c == '\\') {
                    literal.append('\\');
                }
                literal.append(c);
            }
            literal.append('"');
        }
        return literal.append('}').toString();
    }
}
