@NullMarked
package io.headwater.query.export;

import org.jspecify.annotations.NullMarked;
