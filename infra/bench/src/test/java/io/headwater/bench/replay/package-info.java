@NullMarked
package io.headwater.bench.replay;

import org.jspecify.annotations.NullMarked;
