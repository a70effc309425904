@NullMarked
package io.headwater.bench.mapping;

import org.jspecify.annotations.NullMarked;
