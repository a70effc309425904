@NullMarked
package io.headwater.query.changes;

import org.jspecify.annotations.NullMarked;
