/// Pages of long lists, now and as of another moment.
@NullMarked
package io.headwater.bench.query;

import org.jspecify.annotations.NullMarked;
