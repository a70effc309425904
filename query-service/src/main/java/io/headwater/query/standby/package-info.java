/// Reading the hot standby: bounded, retried, and as fresh as the client asks.
@NullMarked
package io.headwater.query.standby;

import org.jspecify.annotations.NullMarked;
