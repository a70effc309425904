/// The history of a git repository, read as a stream of its commits, and one that is made up.
@NullMarked
package io.headwater.bench.git;

import org.jspecify.annotations.NullMarked;
