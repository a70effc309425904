package io.headwater.command.imports;

import io.headwater.contract.ImportEvent.Outcome;
import io.headwater.contract.ImportId;
import io.headwater.contract.ImportState;

/// What is asked of imports.
sealed interface ImportCommand {

    /// A file is safe; its rows are to be taken in.
    record StartImport(ImportState state) implements ImportCommand {}

    /// Decides the next rows.
    ///
    /// @param from state that the rows follow on
    record AdvanceImport(ImportState from, ImportParameters parameters, Chunk chunk)
            implements ImportCommand {}

    /// No more rows are to be taken in.
    record EndImport(ImportId id, Outcome outcome, String reason) implements ImportCommand {}
}
