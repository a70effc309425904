/// What is put beside records, `expand=country.continent`, from its reading to the JSON that
/// PostgreSQL writes.
@NullMarked
package io.headwater.query.expansion;

import org.jspecify.annotations.NullMarked;
