/// Many listeners of the changes at once.
@NullMarked
package io.headwater.bench.changes;

import org.jspecify.annotations.NullMarked;
