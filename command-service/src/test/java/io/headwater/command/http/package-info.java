@NullMarked
package io.headwater.command.http;

import org.jspecify.annotations.NullMarked;
