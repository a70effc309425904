@NullMarked
package io.headwater.query.language;

import org.jspecify.annotations.NullMarked;
