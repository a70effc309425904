/// Uploads on disk, from their first byte until nobody needs them: bounded, fsynced, held by one
/// process at a time.
@NullMarked
package io.headwater.command.spool;

import org.jspecify.annotations.NullMarked;
