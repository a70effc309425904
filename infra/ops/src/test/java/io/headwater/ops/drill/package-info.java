@NullMarked
package io.headwater.ops.drill;

import org.jspecify.annotations.NullMarked;
