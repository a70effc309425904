/// `GET /changes`: server-sent events from the log. One [tail][io.headwater.query.changes.LogTail]
/// reads the standby's log for all listeners and keeps the newest in a
/// [ring][io.headwater.query.changes.ChangeRing]; each
/// [listener][io.headwater.query.changes.Listener] takes from it what it asked for as fast as its
/// client takes it, and reads from the table where it is further behind.
@NullMarked
package io.headwater.query.changes;

import org.jspecify.annotations.NullMarked;
