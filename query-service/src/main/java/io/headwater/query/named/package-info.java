/// Named queries: run with parameters, as lists and as exports.
@NullMarked
package io.headwater.query.named;

import org.jspecify.annotations.NullMarked;
