/// What commands read from the log and append to it: questions, known facts, decisions, and the one
/// way from a command through Axon's bus to its outcome.
///
/// A decider is a pure function from a command and an [io.headwater.command.ledger.Inquiry] to a
/// [io.headwater.command.ledger.Decision]. What it asks and does not know yet is read, and it
/// decides again; whatever was read becomes the append condition.
@NullMarked
package io.headwater.command.ledger;

import org.jspecify.annotations.NullMarked;
