/// Makes the event log Axon's storage engine. The only place here that knows Axon.
@NullMarked
package io.headwater.eventstore.axon;

import org.jspecify.annotations.NullMarked;
