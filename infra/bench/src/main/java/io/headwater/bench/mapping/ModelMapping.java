package io.headwater.bench.mapping;

import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;

/// Which files have records of a model, and where in them its fields are.
///
/// @param files of whole paths; its named groups are sources too
/// @param at where in a document the record, or the list of records, is
/// @param id one source, or several whose texts are joined by `-`
/// @param fields sources by name of the field
public record ModelMapping(
        ModelName model,
        ModelDefinition definition,
        Pattern files,
        JsonPointer at,
        List<Source> id,
        Map<String, Source> fields) {
    public ModelMapping {
        id = List.copyOf(id);
        fields = Map.copyOf(fields);
    }

    List<Field> references() {
        return definition.fields().values().stream()
                .filter(field -> field.type() instanceof Reference)
                .toList();
    }

    List<Field> uniques() {
        return definition.fields().values().stream().filter(Field::unique).toList();
    }
}
