/// How a client writes what it asks: URL parameters and JSON documents, their names and their
/// faults. Knows neither HTTP nor a connection.
@NullMarked
package io.headwater.query.language;

import org.jspecify.annotations.NullMarked;
