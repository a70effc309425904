@NullMarked
package io.headwater.query.standby;

import org.jspecify.annotations.NullMarked;
