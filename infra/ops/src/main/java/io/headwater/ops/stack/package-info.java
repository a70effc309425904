/// The stack as an operator reaches it: containers, database nodes, the door.
@NullMarked
package io.headwater.ops.stack;

import org.jspecify.annotations.NullMarked;
