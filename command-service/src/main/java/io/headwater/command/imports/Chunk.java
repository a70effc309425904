package io.headwater.command.imports;

import io.headwater.command.rows.Row;
import io.headwater.contract.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some rows of a file that are decided together.
///
/// @param header of the file; null if it has none
/// @param rows in the order of the file, of which no two have the same id
/// @param line on which the last of the rows ends
/// @param last whether the file ends here
record Chunk(@Nullable List<String> header, List<Row> rows, long line, boolean last) {
    Chunk {
        rows = List.copyOf(rows);
    }

    /// The same rows in chunks that have a better chance to fit into an append: halves, or a single
    /// row that is to be rejected.
    ///
    /// @param why the chunk did not fit
    List<Chunk> smaller(String why) {
        if (rows.size() > 1) {
            int middle = rows.size() / 2;
            List<Row> first = rows.subList(0, middle);
            return List.of(
                    new Chunk(header, first, first.getLast().lastLine(), false),
                    new Chunk(header, rows.subList(middle, rows.size()), line, last));
        }
        Row row = rows.getFirst();
        if (row instanceof Row.Unreadable) {
            throw new IllegalStateException("Not even a rejection fits into the log. " + why);
        }
        var fault = new Fault("", "tooLarge", "The row's record does not fit into the log. " + why);
        var refused = new Row.Unreadable(row.line(), row.lastLine(), row.raw(), false, fault);
        return List.of(new Chunk(header, List.of(refused), line, last));
    }
}
