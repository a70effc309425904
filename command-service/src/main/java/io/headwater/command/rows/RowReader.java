package io.headwater.command.rows;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads a file row by row. The same bytes always give the same rows. Not safe for concurrent use.
public interface RowReader extends Closeable {
    /// The next row that is not blank; null at the end of the file.
    ///
    /// @throws IOException if the file cannot be read; whatever is wrong with a row comes as
    ///   [Row.Unreadable]
    @Nullable Row next() throws IOException;
}
