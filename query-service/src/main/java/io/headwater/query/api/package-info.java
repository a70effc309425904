/// The HTTP routes of queries.
@NullMarked
package io.headwater.query.api;

import org.jspecify.annotations.NullMarked;
