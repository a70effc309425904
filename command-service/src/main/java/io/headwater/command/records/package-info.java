/// Creating, changing and deleting records, one or many in one command.
@NullMarked
package io.headwater.command.records;

import org.jspecify.annotations.NullMarked;
