package io.headwater.contract;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the records of one model look like.
///
/// @param label name for people; null for none
/// @param fields by name, in the order in which they were declared; 1 to 200
public record ModelDefinition(@Nullable String label, Map<String, Field> fields) {
    public ModelDefinition {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// Reads a definition as a client writes it.
    ///
    /// @return null if faults were added
    public static @Nullable ModelDefinition read(JsonNode json, Faults faults) {
        return new ModelDefinitionReader(faults).definition(json);
    }

    /// The definition as JSON; [#read] of it gives an equal one.
    public ObjectNode toJson() {
        return ModelDefinitionWriter.json(this);
    }

    /// Fields of a whole record in canonical form: defaults put in, nulls and missing values left
    /// out.
    ///
    /// @param given the record's fields as a client wrote them
    /// @return null if faults were added
    public @Nullable ObjectNode canonical(JsonNode given, Faults faults) {
        return RecordReader.read(this, given, faults);
    }

    /// The fields that are searched for words, in the order in which they were declared.
    public List<Field> searched() {
        return fields.values().stream().filter(field -> field.search() != null).toList();
    }

    /// Whether a field is a reference to the model.
    public boolean refersTo(ModelName model) {
        for (Field field : fields.values()) {
            if (field.type() instanceof FieldType.Reference reference
                    && reference.to().equals(model)) {
                return true;
            }
        }
        return false;
    }
}
