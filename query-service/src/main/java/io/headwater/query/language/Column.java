package io.headwater.query.language;

import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// Something of a record that can be filtered and sorted by: a field, or a part of its envelope.
///
/// @param name as it stands in a query: the field's name, or `@` and the name in the envelope
/// @param column name of the column in the model's table
/// @param always whether every record has a value
/// @param hasIndex whether the table has an index that begins with this column
public record Column(String name, String column, FieldType type, boolean always, boolean hasIndex) {

    /// Most code points of a text that count in a sort, so that a cursor stays short.
    static final int SORTED_TEXT = FieldType.LONGEST_INDEXED_TEXT;

    boolean isSortable() {
        return !(type instanceof FieldType.AnyJson) && !(type instanceof FieldType.Items);
    }

    boolean isLongText() {
        return type instanceof FieldType.Text text && text.maxLength() > SORTED_TEXT;
    }

    /// The type that a value to compare with must have: without the field's own bounds, since
    /// asking for what no record can have is no mistake.
    FieldType comparand(Operator operator) {
        if (operator == Operator.NULL) {
            return new FieldType.Truth();
        }
        FieldType compared =
                operator == Operator.CONTAINS && type instanceof FieldType.Items list
                        ? list.items()
                        : type;
        return unbounded(compared);
    }

    /// A value to compare with, in canonical form as text (that of a json value: its JSON).
    ///
    /// @param where names the value, for faults
    /// @return null if a fault was added
    @Nullable String value(Operator operator, JsonNode given, String where, Faults faults) {
        FieldType expected = comparand(operator);
        if (given.isNull() && !(expected instanceof FieldType.AnyJson)) {
            faults.add(
                    where,
                    "type",
                    "null is no value to compare with; use the operator null with true or false");
            return null;
        }
        JsonNode canonical = expected.canonical(given, where, faults);
        return canonical == null ? null : text(canonical, expected);
    }

    private static String text(JsonNode canonical, FieldType type) {
        return switch (type) {
            case FieldType.AnyJson _, FieldType.Items _ -> canonical.toString();
            case FieldType.Truth _ -> canonical.equals(BooleanNode.TRUE) ? "true" : "false";
            case FieldType.WholeNumber _ -> Long.toString(canonical.longValue());
            case FieldType.Text _,
                    FieldType.Decimal _,
                    FieldType.Day _,
                    FieldType.Moment _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _ ->
                    canonical.stringValue();
        };
    }

    private static FieldType unbounded(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> new FieldType.Text(0, FieldType.LONGEST_TEXT, null);
            case FieldType.WholeNumber _ -> new FieldType.WholeNumber(null, null);
            // wider than any column, so that a comparison with 0.125 of a field with two digits is
            // exact
            case FieldType.Decimal _ -> new FieldType.Decimal(76, 38, null, null);
            case FieldType.Day _ -> new FieldType.Day(null, null);
            case FieldType.Moment _ -> new FieldType.Moment(null, null);
            case FieldType.Truth _,
                    FieldType.Uuid _,
                    FieldType.Choice _,
                    FieldType.Reference _,
                    FieldType.AnyJson _,
                    FieldType.Items _ ->
                    type;
        };
    }
}
