/// A query and a summary as a client asks for it, checked against the model, and what they are made
/// of: filter, search, order, page. Knows not how it was written.
@NullMarked
package io.headwater.query.asked;

import org.jspecify.annotations.NullMarked;
