/// Keeps the read schema a function of the log: which schemas there are to fill, the loop that
/// fills them, its health, and the routes of who administers it.
@NullMarked
package io.headwater.query.projection;

import org.jspecify.annotations.NullMarked;
