package io.headwater.command.rows;

import io.headwater.contract.Fault;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// One row of a file.
public sealed interface Row {
    /// Line on which the row starts, counted from 1.
    long line();

    /// Line on which the row ends; reading goes on with the one after it.
    long lastLine();

    /// The row as it stands in the file, without the line break at its end.
    String raw();

    /// A row of CSV, with as many cells as the header has.
    record Cells(long line, long lastLine, String raw, List<String> cells) implements Row {}

    /// A line of NDJSON.
    record Members(long line, String raw, ObjectNode members) implements Row {
        @Override
        public long lastLine() {
            return line;
        }
    }

    /// A row that could not be read.
    ///
    /// @param raw with U+FFFD for bytes that are no UTF-8
    /// @param cut whether `raw` is only the beginning
    record Unreadable(long line, long lastLine, String raw, boolean cut, Fault fault)
            implements Row {}
}
