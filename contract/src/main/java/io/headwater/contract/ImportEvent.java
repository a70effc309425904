package io.headwater.contract;

import java.util.List;

/// Something that happened to an import. Each event tells the whole state of the import, so the
/// newest is enough to go on from. A reader of records can pass all of them over.
public sealed interface ImportEvent extends LogEvent {
    ImportState state();

    /// The file is kept safe, and its rows will be taken in.
    record ImportStarted(ImportState state) implements ImportEvent {}

    /// Some more rows were decided. Their record events are in the same append as this event.
    ///
    /// @param rejected those of these rows that were refused, in the order of the file
    record ImportAdvanced(ImportState state, List<RejectedRow> rejected) implements ImportEvent {
        public ImportAdvanced {
            rejected = List.copyOf(rejected);
        }
    }

    /// No more rows will be taken in.
    ///
    /// @param reason why, for people; empty if there is nothing to say
    record ImportEnded(ImportState state, Outcome outcome, String reason) implements ImportEvent {}

    /// How an import ends. Whatever the outcome, the rows that were taken in stay.
    enum Outcome {
        /// Each row of the file was taken in, skipped or rejected.
        DONE,
        /// Somebody ended it before the last row.
        CANCELLED,
        /// It could not go on.
        FAILED
    }
}
