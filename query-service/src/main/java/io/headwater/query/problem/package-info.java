/// How the service says no: RFC 9457, in one place.
@NullMarked
package io.headwater.query.problem;

import org.jspecify.annotations.NullMarked;
