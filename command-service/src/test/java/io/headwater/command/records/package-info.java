@NullMarked
package io.headwater.command.records;

import org.jspecify.annotations.NullMarked;
