@NullMarked
package io.headwater.query.log;

import org.jspecify.annotations.NullMarked;
