@NullMarked
package io.headwater.command.ledger;

import org.jspecify.annotations.NullMarked;
