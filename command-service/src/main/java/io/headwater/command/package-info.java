/// The command service: takes commands over HTTP and appends what they come to to the event log.
@NullMarked
package io.headwater.command;

import org.jspecify.annotations.NullMarked;
