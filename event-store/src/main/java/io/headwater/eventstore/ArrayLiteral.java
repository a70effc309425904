package io.headwater.eventstore;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Writes `text[]` values as text, for `unnest` of several lists of different lengths side by side.
final class ArrayLiteral {

    private ArrayLiteral() {}

    /// @return `{"a","b"}`, to be cast to `text[]`
    static String of(Collection<String> texts) {
        StringBuilder literal = new StringBuilder("{");
        for (String text : texts) {
            literal.append(literal.length() == 1 ? "\"" : ",\"");
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"' || c == '\\') {
                    literal.append('\\');
                }
                literal.append(c);
            }
            literal.append('"');
        }
        return literal.append('}').toString();
    }

    /// @return null for no texts
    static @Nullable String ofAny(Collection<String> texts) {
        return texts.isEmpty() ? null : of(texts);
    }
}
