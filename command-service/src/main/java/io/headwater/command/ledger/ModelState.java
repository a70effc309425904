package io.headwater.command.ledger;

import io.headwater.contract.ModelDefinition;

/// A model as the log has it.
public sealed interface ModelState {

    /// There never was one of the name.
    record Unknown() implements ModelState {}

    record Live(int version, ModelDefinition definition) implements ModelState {}

    /// It takes no more commands.
    record Retired(int version) implements ModelState {}
}
