package io.headwater.command.models;

/// What a command came to for its model.
///
/// @param version of the model after it
record Verdict(Change change, int version) {
    enum Change {
        DEFINED,
        EVOLVED,
        UNCHANGED,
        RETIRED
    }
}
