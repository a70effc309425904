package io.headwater.bench.measure;

import java.util.Map;

/// Where CPU time went during a slice.
///
/// @param wallSeconds how long the slice took
/// @param cpuSeconds by process, all its children included: `bench` is this one, `others` is what
///   does not belong to the run. Empty where the machine does not say
public record CpuUse(double wallSeconds, Map<String, Double> cpuSeconds) {}
