/// How far each stage of the way of a change is: log, relay, Kafka, projection, standby.
@NullMarked
package io.headwater.query.pipeline;

import org.jspecify.annotations.NullMarked;
