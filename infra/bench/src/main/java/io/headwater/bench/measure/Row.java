package io.headwater.bench.measure;

/// One row of the table: what is measured, beside what, and how far it has to come.
///
/// @param key name on the command line
/// @param what thing measured, in words
/// @param yardstick what it is held against, in words; empty where there is none
/// @param unit of both sides
/// @param bar what to reach
public record Row(String key, String what, String yardstick, String unit, Bar bar) {}
