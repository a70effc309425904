/// Files of rows, CSV and NDJSON, read in constant memory; a row that cannot be read is told by its
/// line, and the rest goes on. No I/O but the stream given, no framework.
@NullMarked
package io.headwater.command.rows;

import org.jspecify.annotations.NullMarked;
