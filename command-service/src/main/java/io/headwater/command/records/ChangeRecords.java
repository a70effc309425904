package io.headwater.command.records;

import io.headwater.contract.RecordRef;
import java.util.List;
import java.util.Map;

/// Changes records, all or none. Each record gets at most one event, whatever number of operations
/// it is in.
///
/// @param operations in order; each sees what those before it did
/// @param locals records that this command makes, by the names under which its operations refer to
///   them
public record ChangeRecords(List<Operation> operations, Map<String, RecordRef> locals) {
    public ChangeRecords {
        operations = List.copyOf(operations);
        locals = Map.copyOf(locals);
    }

    public ChangeRecords(Operation operation) {
        this(List.of(operation), Map.of());
    }
}
