package io.headwater.command.ledger;

import io.headwater.contract.ImportId;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryName;
import io.headwater.contract.RecordRef;

/// What a decider may want to know from the log. Whatever a command asked must still have the same
/// answer when its events are appended.
public sealed interface Question {

    /// What is the model now?
    record OfModel(ModelName model) implements Question {}

    /// Which models ever referred to this one?
    record ModelsReferringTo(ModelName model) implements Question {}

    /// What is the named query now?
    record OfQuery(QueryName query) implements Question {}

    /// What is the record now?
    record OfRecord(RecordRef record) implements Question {}

    /// Is the record there? Its changes do not matter.
    record Presence(RecordRef record) implements Question {}

    /// Which record has the value?
    record Claim(UniqueValue value) implements Question {}

    /// Which records ever referred to this one?
    record Referrers(RecordRef record) implements Question {}

    /// Was a command with this key answered before?
    ///
    /// @param key hash of the idempotency key and its owner
    record Answer(String key) implements Question {}

    /// How far is the import?
    record OfImport(ImportId id) implements Question {}
}
