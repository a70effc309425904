@NullMarked
package io.headwater.ops;

import org.jspecify.annotations.NullMarked;
