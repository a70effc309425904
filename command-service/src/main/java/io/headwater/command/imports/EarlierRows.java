package io.headwater.command.imports;

import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.Question;
import io.headwater.command.ledger.UniqueValue;
import io.headwater.contract.Field;
import io.headwater.contract.Json;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a dry run remembers of the rows before: which records they would have made, and which
/// unique values those have. Up to a bound; what comes after is forgotten. Not safe for concurrent
/// use.
final class EarlierRows {
    /// Newer than any revision in the log.
    private static final long REVISION = Long.MAX_VALUE;

    private final ModelName model;
    private final ModelDefinition definition;
    private final int most;
    private final Set<UUID> records = new HashSet<>();
    private final Map<UUID, String> holders = new HashMap<>();
    private boolean full;

    /// @param most records and unique values together
    EarlierRows(ModelName model, ModelDefinition definition, int most) {
        this.model = model;
        this.definition = definition;
        this.most = most;
    }

    /// Whether something had to be forgotten.
    boolean isFull() {
        return full;
    }

    /// Remembers what rows would have appended.
    void add(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.event() instanceof RecordEvent.Written written) {
                if (records.size() + holders.size() >= most) {
                    full = true;
                    return;
                }
                add(written);
            }
        }
    }

    private void add(RecordEvent.Written written) {
        String id = written.record().id().value();
        records.add(record(id));
        for (Field field : definition.fields().values()) {
            JsonNode value = written.fields().get(field.name());
            if (field.unique() && value != null) {
                holders.put(claim(field.name(), value.asString()), id);
            }
        }
    }

    /// Events that the rows before would have left, as far as they matter to these questions. A
    /// record has its unique values, no others.
    List<LogEvent> about(Collection<Question> questions) {
        Map<String, ObjectNode> fields = new LinkedHashMap<>();
        for (Question question : questions) {
            switch (question) {
                case Question.OfRecord(var record) -> present(record, fields);
                case Question.Presence(var record) -> present(record, fields);
                case Question.Claim(var value) -> held(value, fields);
                case Question.OfModel _,
                        Question.OfQuery _,
                        Question.ModelsReferringTo _,
                        Question.Referrers _,
                        Question.Answer _,
                        Question.OfImport _ -> {
                    // Rows change records only.
                }
            }
        }
        return fields.entrySet().stream()
                .<LogEvent>map(entry ->
                        new RecordEvent.RecordCreated(
                                new RecordRef(model, new RecordId(entry.getKey())),
                                1,
                                REVISION,
                                entry.getValue()))
                .toList();
    }

    private void present(RecordRef record, Map<String, ObjectNode> fields) {
        if (record.model().equals(model) && records.contains(record(record.id().value()))) {
            fields.computeIfAbsent(record.id().value(), id -> Json.mapper().createObjectNode());
        }
    }

    private void held(UniqueValue value, Map<String, ObjectNode> fields) {
        String holder =
                value.model().equals(model)
                        ? holders.get(claim(value.field(), value.value()))
                        : null;
        if (holder != null) {
            fields.computeIfAbsent(holder, id -> Json.mapper().createObjectNode())
                    .put(value.field(), value.value());
        }
    }

    private static UUID record(String id) {
        return NamedUuid.of("record", id);
    }

    private static UUID claim(String field, String value) {
        return NamedUuid.of("claim", field, value);
    }
}
