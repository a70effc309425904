/// The one way of what is asked into SQL: whole statements, every value bound. Knows no connection.
@NullMarked
package io.headwater.query.sql;

import org.jspecify.annotations.NullMarked;
