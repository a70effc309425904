package io.headwater.command.rows;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a client chose about the columns or members of a file.
///
/// @param id name of the one that is the record's id; null if the client named none
/// @param map field by name of column, for those that differ
/// @param unknown what to do with those that the model does not have
/// @param empty what an empty cell of CSV is
/// @param validFrom name of the one that tells since when the row is so; null if none does
public record LayoutChoice(
        @Nullable String id,
        Map<String, String> map,
        Unknown unknown,
        Empty empty,
        @Nullable String validFrom) {
    public LayoutChoice(
            @Nullable String id, Map<String, String> map, Unknown unknown, Empty empty) {
        this(id, map, unknown, empty, null);
    }

    public LayoutChoice {
        map = Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    public enum Unknown {
        REJECT,
        IGNORE
    }

    public enum Empty {
        /// No value.
        MISSING,
        /// The empty text.
        KEEP
    }
}
