/// Content codings of answers: zstd and gzip, for who takes them.
@NullMarked
package io.headwater.query.coding;

import org.jspecify.annotations.NullMarked;
