/// One run of the projection: takes events from `headwater.log` and commits rows and checkpoint
/// together, for as long as the lease is ours.
@NullMarked
package io.headwater.query.run;

import org.jspecify.annotations.NullMarked;
