/// Rows about what a client sees over HTTP.
@NullMarked
package io.headwater.bench.http;

import org.jspecify.annotations.NullMarked;
