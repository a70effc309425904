@NullMarked
package io.headwater.ops.image;

import org.jspecify.annotations.NullMarked;
