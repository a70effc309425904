package io.headwater.eventstore;

import java.util.List;

/// A stretch of the log.
///
/// @param head last position in the log in the snapshot that the page was read in; 0 for an empty
///   log
/// @param events those that matched, oldest first
/// @param upTo every matching event up to here is in this page or was before it: go on after this
///   position
/// @param complete whether `upTo` is the end of what was asked for
public record Page(long head, List<StoredEvent> events, long upTo, boolean complete) {}
