@NullMarked
package io.headwater.eventstore.axon;

import org.jspecify.annotations.NullMarked;
