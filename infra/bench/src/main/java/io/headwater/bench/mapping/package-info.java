/// Which files are records of which model, and what the records of a commit are.
@NullMarked
package io.headwater.bench.mapping;

import org.jspecify.annotations.NullMarked;
