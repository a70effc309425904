package io.headwater.query.tables;

import io.headwater.contract.Field;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Expressions over texts that are indexed: an index is of use only where a query has the very same
/// expression. `db/migration/read` has their functions.
///
/// @param schema of the functions, with a dot; empty where the connection's `search_path` has them
public record TextIndex(String schema) {
    /// As queries see it.
    public static final TextIndex READ = new TextIndex(ReadSchema.NAME + ".");

    /// A text without case and accents, in code point order.
    public String folded(String text) {
        return schema + "fold(" + text + ") COLLATE \"C\"";
    }

    /// The words of a record, as a `tsvector`.
    ///
    /// @param fields that are searched; at least one
    /// @param column name of a field's column
    public String words(List<Field> fields, Function<Field, String> column) {
        return fields.stream()
                .map(field ->
                        "setweight(to_tsvector('simple', %swords(coalesce(%s, ''))), '%s')"
                                .formatted(schema, column.apply(field), field.search()))
                .collect(Collectors.joining(" || "));
    }
}
