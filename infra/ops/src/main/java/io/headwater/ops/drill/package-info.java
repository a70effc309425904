/// Faults, made on purpose under a steady load, and what came of each acknowledged write.
@NullMarked
package io.headwater.ops.drill;

import org.jspecify.annotations.NullMarked;
