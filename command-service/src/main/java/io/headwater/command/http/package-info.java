/// What all routes have in common: reading requests within bounds, problem details, who may do
/// what.
@NullMarked
package io.headwater.command.http;

import org.jspecify.annotations.NullMarked;
