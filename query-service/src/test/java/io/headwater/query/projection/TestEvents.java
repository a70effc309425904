package io.headwater.query.projection;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent.RecordChanged;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordEvent.RecordDeleted;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Events from JSON texts.
final class TestEvents {
    private TestEvents() {}

    static ModelDefined defined(String model, int version, String definition) {
        var faults = new Faults();
        var read = ModelDefinition.read(Json.mapper().readTree(definition), faults);
        if (read == null) {
            throw new IllegalArgumentException(faults.list().toString());
        }
        return new ModelDefined(new ModelName(model), version, read);
    }

    static RecordCreated created(String model, String id, String fields) {
        return created(model, id, 1, fields);
    }

    static RecordCreated created(String model, String id, long revision, String fields) {
        return new RecordCreated(ref(model, id), 1, revision, object(fields));
    }

    static RecordChanged changed(String model, String id, long revision, String fields) {
        return new RecordChanged(ref(model, id), 1, revision, object(fields), Set.of());
    }

    static RecordDeleted deleted(String model, String id, long revision) {
        return new RecordDeleted(ref(model, id), 1, revision);
    }

    static RecordRef ref(String model, String id) {
        return new RecordRef(new ModelName(model), new RecordId(id));
    }

    static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }
}
