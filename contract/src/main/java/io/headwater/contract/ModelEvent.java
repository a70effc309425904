package io.headwater.contract;

/// Something that happened to a model.
public sealed interface ModelEvent extends LogEvent {
    ModelName model();

    /// Version of the model after the event, counted from 1.
    int version();

    /// The model was defined, or evolved to a new version.
    record ModelDefined(ModelName model, int version, ModelDefinition definition)
            implements ModelEvent {}

    /// The model takes no more commands; its history stays.
    record ModelRetired(ModelName model, int version) implements ModelEvent {}
}
