/// What an event of the log does to the read schema: tables, columns and indexes, rows and their
/// history. Knows no checkpoint; its statements run in the transaction of the caller.
@NullMarked
package io.headwater.query.rows;

import org.jspecify.annotations.NullMarked;
