@NullMarked
package io.headwater.query.openapi;

import org.jspecify.annotations.NullMarked;
