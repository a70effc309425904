package io.headwater.command.ledger;

import io.headwater.contract.ImportId;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryName;
import io.headwater.contract.RecordRef;
import java.util.Set;

/// What an event is found by in the log: `key=value`.
public record EventTag(String key, String value) {

    /// Keys of the tags whose newest event tells the whole state of what they stand for.
    public static final Set<String> SNAPSHOT_KEYS =
            Set.of("record", "model", "query", "unique", "cmd", "import");

    public static EventTag record(RecordRef record) {
        return new EventTag("record", record.toString());
    }

    /// @param target the record pointed to
    public static EventTag reference(RecordRef target) {
        return new EventTag("ref", target.toString());
    }

    public static EventTag unique(UniqueValue value) {
        return new EventTag("unique", value.tag());
    }

    public static EventTag model(ModelName model) {
        return new EventTag("model", model.value());
    }

    public static EventTag query(QueryName query) {
        return new EventTag("query", query.value());
    }

    /// @param target the model referred to
    public static EventTag target(ModelName target) {
        return new EventTag("to", target.value());
    }

    public static EventTag command(String key) {
        return new EventTag("cmd", key);
    }

    public static EventTag ofImport(ImportId id) {
        return new EventTag("import", id.toString());
    }
}
