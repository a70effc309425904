package io.headwater.eventstore;

/// Where the events of an append are, first and last position, both inclusive.
public record Appended(long first, long last) {}
