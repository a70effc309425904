package io.headwater.contract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One field of a model.
///
/// @param label name for people; null for none
/// @param required whether a record must have a value
/// @param unique whether no two records of the model may have the same value
/// @param indexed whether queries filter and sort by it often; a unique field and a reference are
///   indexed anyway
/// @param search how much a word found in this field counts when records are searched; null for a
///   field that is not searched
/// @param preset value (canonical) of a record that is created without one; null for none
public record Field(
        String name,
        @Nullable String label,
        FieldType type,
        boolean required,
        boolean unique,
        boolean indexed,
        @Nullable SearchWeight search,
        @Nullable JsonNode preset) {

    private static final Pattern FORM = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,47}");

    /// The rule for names, in words for people.
    static final String RULE =
            "A field's name is a letter followed by up to 47 letters, digits or underscores";

    static boolean isValidName(String name) {
        return FORM.matcher(name).matches();
    }

    /// Whether the read model keeps an index on this field.
    public boolean hasIndex() {
        return unique || indexed || type instanceof FieldType.Reference;
    }

    /// Whether the read model has an index that finds texts by their beginning.
    public boolean hasPrefixIndex() {
        return indexed && type instanceof FieldType.Text;
    }

    /// Whether the read model has an index that finds texts by any part of them. Only short texts
    /// do: the words of long ones are found by a search.
    public boolean hasPartIndex() {
        return search != null
                && type instanceof FieldType.Text text
                && text.maxLength() <= FieldType.LONGEST_INDEXED_TEXT;
    }
}
