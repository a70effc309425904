/// What puts load on things: callers with nothing between them and the wire, and events made by
/// SQL.
@NullMarked
package io.headwater.bench.load;

import org.jspecify.annotations.NullMarked;
