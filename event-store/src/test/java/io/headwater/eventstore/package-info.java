@NullMarked
package io.headwater.eventstore;

import org.jspecify.annotations.NullMarked;
