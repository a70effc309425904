/// The read schema: which tables and columns there are. The projection makes and fills them, the
/// queries read them.
@NullMarked
package io.headwater.query.tables;

import org.jspecify.annotations.NullMarked;
