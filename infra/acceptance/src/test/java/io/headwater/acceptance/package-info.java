/// The laws of the system and the rules of the house, tested on all of it as it runs.
@NullMarked
package io.headwater.acceptance;

import org.jspecify.annotations.NullMarked;
