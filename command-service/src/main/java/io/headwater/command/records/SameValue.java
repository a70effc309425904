package io.headwater.command.records;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Whether two JSON values are the same to a reader. Java has several classes for the number 5.
final class SameValue {
    private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
            (a, b) -> a.equals(b) || isSameNumber(a, b) ? 0 : 1;

    private SameValue() {}

    static boolean test(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (a == null || b == null) {
            return a == null && b == null;
        }
        return a.equals(NUMBERS_BY_VALUE, b);
    }

    private static boolean isSameNumber(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber() && a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
}
