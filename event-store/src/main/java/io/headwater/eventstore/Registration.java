package io.headwater.eventstore;

/// Stands for a callback; ends it. Safe for concurrent use.
@FunctionalInterface
public interface Registration {

    /// No call begins after this returns; one that is running may still end.
    void end();
}
