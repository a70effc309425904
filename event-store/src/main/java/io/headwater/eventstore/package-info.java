/// The event log: append with a condition, read, follow. Knows PostgreSQL and no framework.
///
/// Start at [io.headwater.eventstore.EventLog].
@NullMarked
package io.headwater.eventstore;

import org.jspecify.annotations.NullMarked;
