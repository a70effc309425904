/// Exports: the whole answer of a query as CSV, NDJSON or Parquet, streamed from the standby.
@NullMarked
package io.headwater.query.export;

import org.jspecify.annotations.NullMarked;
