@NullMarked
package io.headwater.query.rows;

import org.jspecify.annotations.NullMarked;
