/// Rows about the event log, in this process: appends, and commands that end in an append.
@NullMarked
package io.headwater.bench.log;

import org.jspecify.annotations.NullMarked;
