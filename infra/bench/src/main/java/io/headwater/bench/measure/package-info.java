/// How a row is measured: beside its yardstick, in turns, with the CPU time that each side took.
@NullMarked
package io.headwater.bench.measure;

import org.jspecify.annotations.NullMarked;
