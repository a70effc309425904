package io.headwater.bench.measure;

/// One slice of one side.
///
/// @param value in the unit of the row
/// @param calls how many calls, events or rows the CPU time was spent on; of no meaning where the
///   unit is not a rate
/// @param cpu where CPU time went meanwhile
public record Sample(double value, double calls, CpuUse cpu) {}
