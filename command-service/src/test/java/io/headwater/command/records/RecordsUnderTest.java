package io.headwater.command.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.RememberedLog;
import io.headwater.command.records.Operation.Place;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelEvent.ModelRetired;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Models and records on a remembered log. JSON is written with single quotes.
final class RecordsUnderTest {
    final RememberedLog log = new RememberedLog();
    private int modelVersion;

    void model(String name, String fields) {
        var faults = new Faults();
        var definition = ModelDefinition.read(json("{'fields': " + fields + "}"), faults);
        assertThat(faults.list()).isEmpty();
        var event =
                new ModelDefined(
                        new ModelName(name), ++modelVersion, Objects.requireNonNull(definition));
        Set<EventTag> tags = new HashSet<>();
        tags.add(EventTag.model(new ModelName(name)));
        for (var field : event.definition().fields().values()) {
            if (field.type() instanceof FieldType.Reference reference) {
                tags.add(EventTag.target(reference.to()));
            }
        }
        log.append(List.of(new Entry(event, tags)));
    }

    void retired(String name) {
        var event = new ModelRetired(new ModelName(name), ++modelVersion);
        log.append(List.of(new Entry(event, Set.of(EventTag.model(new ModelName(name))))));
    }

    static Operation make(String record, String fields) {
        return new Operation.Create(ref(record), json(fields), Place.BODY);
    }

    static Operation put(String record, String fields) {
        return new Operation.Put(ref(record), json(fields), new Expected.Anything(), Place.BODY);
    }

    static Operation patch(String record, String patch) {
        return patch(record, patch, new Expected.Anything());
    }

    static Operation patch(String record, String patch, Expected expected) {
        return new Operation.Patch(ref(record), json(patch), expected, Place.BODY);
    }

    static Operation delete(String record) {
        return new Operation.Delete(ref(record), new Expected.Anything(), Place.BODY);
    }

    List<Written> accepted(Operation... operations) {
        return accepted(new ChangeRecords(Arrays.asList(operations), Map.of()));
    }

    List<Written> accepted(ChangeRecords command) {
        var decision = log.send(RecordDecider::decide, command);
        assertThat(decision).isInstanceOf(Decision.Accepted.class);
        return ((Decision.Accepted<List<Written>>) decision).result();
    }

    Refusal refused(Operation... operations) {
        return refused(new ChangeRecords(Arrays.asList(operations), Map.of()));
    }

    Refusal refused(ChangeRecords command) {
        int before = log.entries().size();
        var decision = log.send(RecordDecider::decide, command);
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        assertThat(log.entries()).hasSize(before);
        return ((Decision.Refused<List<Written>>) decision).refusal();
    }

    /// The record as its last event has it; null if it is not there.
    @Nullable ObjectNode fields(String record) {
        ObjectNode fields = null;
        for (Entry entry : log.entries()) {
            if (entry.event() instanceof RecordEvent event && event.record().equals(ref(record))) {
                fields = event instanceof RecordEvent.Written written ? written.fields() : null;
            }
        }
        return fields;
    }

    /// The same of a record that is there.
    ObjectNode present(String record) {
        return Objects.requireNonNull(fields(record), record);
    }

    static RecordRef ref(String record) {
        String[] parts = record.split("/", 2);
        return new RecordRef(new ModelName(parts[0]), new RecordId(parts[1]));
    }

    static JsonNode json(String text) {
        return Json.mapper().readTree(text.replace('\'', '"'));
    }
}
