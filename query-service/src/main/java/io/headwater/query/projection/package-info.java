/// Keeps the read schema a function of the log: reads `headwater.log` and commits rows and
/// checkpoint together.
@NullMarked
package io.headwater.query.projection;

import org.jspecify.annotations.NullMarked;
