@NullMarked
package io.headwater.command.queries;

import org.jspecify.annotations.NullMarked;
