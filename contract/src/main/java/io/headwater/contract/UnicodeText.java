package io.headwater.contract;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What no store can keep as text: NUL, which PostgreSQL refuses, and lone surrogates, which have
/// no UTF-8 form.
final class UnicodeText {
    private UnicodeText() {}

    /// What is wrong with the text, in words for people; null if nothing is.
    static @Nullable String flaw(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return "has a NUL character (U+0000), which cannot be stored";
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return "has half of a surrogate pair (U+%04X), which is no character"
                        .formatted((int) c);
            }
        }
        return null;
    }

    /// The same for every name and text inside a JSON value.
    static @Nullable String flaw(JsonNode value) {
        if (value.isString()) {
            return flaw(value.stringValue());
        }
        if (value.isObject()) {
            for (var member : value.properties()) {
                String flaw = flaw(member.getKey());
                flaw = flaw == null ? flaw(member.getValue()) : flaw;
                if (flaw != null) {
                    return flaw;
                }
            }
        }
        if (value.isArray()) {
            for (var item : value) {
                String flaw = flaw(item);
                if (flaw != null) {
                    return flaw;
                }
            }
        }
        return null;
    }
}
