package io.headwater.command.models;

/// What a command came to for its model or query.
///
/// @param version of it afterwards
public record Verdict(Change change, int version) {
    /// What became of it.
    public enum Change {
        DEFINED,
        EVOLVED,
        UNCHANGED,
        RETIRED
    }
}
