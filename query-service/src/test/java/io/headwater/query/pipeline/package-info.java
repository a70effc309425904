@NullMarked
package io.headwater.query.pipeline;

import org.jspecify.annotations.NullMarked;
