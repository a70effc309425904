/// Rows about what follows an append: the relay to Kafka and the projection to tables.
@NullMarked
package io.headwater.bench.pipeline;

import org.jspecify.annotations.NullMarked;
