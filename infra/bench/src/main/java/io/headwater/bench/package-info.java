/// The benchmarks' one command: picks the rows, runs them, prints the table and writes the JSON.
@NullMarked
package io.headwater.bench;

import org.jspecify.annotations.NullMarked;
