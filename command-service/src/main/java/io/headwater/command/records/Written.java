package io.headwater.command.records;

import io.headwater.contract.RecordRef;

/// What became of the record of an operation.
///
/// @param revision of the record after the command
public record Written(Change change, RecordRef record, long revision) {
    public enum Change {
        CREATED,
        CHANGED,
        UNCHANGED,
        DELETED
    }
}
