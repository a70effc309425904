package io.headwater.ops.drill;

/// Something that was done to the stack, `at` seconds from the start of the drill.
///
/// @param fault whether the outage that follows counts as its own
record Mark(double at, String what, boolean fault) {}
