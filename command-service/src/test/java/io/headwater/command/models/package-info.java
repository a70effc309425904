@NullMarked
package io.headwater.command.models;

import org.jspecify.annotations.NullMarked;
