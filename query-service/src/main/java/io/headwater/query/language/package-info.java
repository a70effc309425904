/// What a client may ask of a model's records: filters, sort, pages, and their one way into SQL.
/// Knows neither HTTP nor a connection.
@NullMarked
package io.headwater.query.language;

import org.jspecify.annotations.NullMarked;
