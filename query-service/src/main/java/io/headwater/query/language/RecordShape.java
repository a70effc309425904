package io.headwater.query.language;

import io.headwater.contract.Excerpt;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.tables.RecordTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can be asked of the records of one version of a model: its fields, and the parts of the
/// envelope under names that no field can have.
public final class RecordShape {
    private static final Column ID =
            envelope("@id", RecordTable.ID, new FieldType.Text(1, 200, null), true);
    private static final FieldType COUNT = new FieldType.WholeNumber(null, null);
    private static final FieldType MOMENT = new FieldType.Moment(null, null);
    private static final List<Column> ENVELOPE =
            List.of(
                    ID,
                    envelope("@revision", RecordTable.REVISION, COUNT, false),
                    envelope("@position", RecordTable.POSITION, COUNT, false),
                    envelope("@createdAt", RecordTable.CREATED_AT, MOMENT, false),
                    envelope("@updatedAt", RecordTable.UPDATED_AT, MOMENT, false));

    private final ModelName model;
    private final List<Column> fields;
    private final Map<String, Column> byName = new LinkedHashMap<>();

    public RecordShape(ModelName model, ModelDefinition definition) {
        this.model = model;
        this.fields =
                definition.fields().values().stream()
                        .map(field ->
                                new Column(
                                        field.name(),
                                        RecordTable.columnName(field.name()).last(),
                                        field.type(),
                                        false,
                                        field.hasIndex()))
                        .toList();
        fields.forEach(column -> byName.put(column.name(), column));
        ENVELOPE.forEach(column -> byName.put(column.name(), column));
    }

    public ModelName model() {
        return model;
    }

    /// In the order of the model's definition.
    public List<Column> fields() {
        return fields;
    }

    /// The parts of the envelope and then these fields: the result columns of a statement from
    /// [CompiledQuery#ID] on.
    public static List<Column> withEnvelope(List<Column> fields) {
        return Stream.concat(ENVELOPE.stream(), fields.stream()).toList();
    }

    static Column id() {
        return ID;
    }

    @Nullable Column find(String name) {
        return byName.get(name);
    }

    /// Says that there is no such name, and which there are.
    String unknown(String name) {
        String hint = byName.containsKey("@" + name) ? "did you mean @" + name + "? " : "";
        return "The model %s has no field \"%s\"; %sit has %s"
                .formatted(model, Excerpt.of(name), hint, String.join(", ", byName.keySet()));
    }

    private static Column envelope(
            String name, org.jooq.Field<?> column, FieldType type, boolean hasIndex) {
        return new Column(name, column.getName(), type, true, hasIndex);
    }
}
