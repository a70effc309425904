package io.headwater.query.run;

/// Where a batch ends, though more events are there.
///
/// @param rows most events
/// @param bytes size of payloads from which on it is committed; the last event may lie above
public record BatchLimits(int rows, long bytes) {}
