/// The query service: [projection][io.headwater.query.projection] of the log into tables, and
/// queries on them.
@NullMarked
package io.headwater.query;

import org.jspecify.annotations.NullMarked;
