package io.headwater.command.models;

import io.headwater.command.ledger.Expected;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;

/// What is asked for a model.
sealed interface ModelCommand {
    ModelName model();

    /// Which version of the model the client goes by.
    Expected expected();

    /// @param dryRun whether only the verdict is wanted
    record DefineModel(
            ModelName model, ModelDefinition definition, Expected expected, boolean dryRun)
            implements ModelCommand {}

    record RetireModel(ModelName model, Expected expected) implements ModelCommand {}
}
