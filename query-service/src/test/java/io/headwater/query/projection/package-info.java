@NullMarked
package io.headwater.query.projection;

import org.jspecify.annotations.NullMarked;
