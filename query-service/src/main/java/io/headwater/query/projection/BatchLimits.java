package io.headwater.query.projection;

/// Where a batch ends, though more events are there.
///
/// @param rows most events
/// @param bytes size of payloads from which on it is committed; the last event may lie above
record BatchLimits(int rows, long bytes) {}
