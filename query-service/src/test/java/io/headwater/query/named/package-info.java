@NullMarked
package io.headwater.query.named;

import org.jspecify.annotations.NullMarked;
