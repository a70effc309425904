@NullMarked
package io.headwater.query.coding;

import org.jspecify.annotations.NullMarked;
