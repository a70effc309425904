/// Sends the history of a git repository as commands, commit by commit, and compares what came of
/// it.
@NullMarked
package io.headwater.bench.replay;

import org.jspecify.annotations.NullMarked;
