package io.headwater.query.shape;

import io.headwater.contract.Excerpt;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.tables.RecordTable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Name;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// What can be asked of the records of one version of a model: its fields, and the parts of the
/// envelope under names that no field can have.
public final class RecordShape {
    /// Alias of the table of the records that are asked for.
    public static final Name TABLE = DSL.name("t");

    private static final Column ID =
            envelope(
                    "@id",
                    RecordTable.ID,
                    new FieldType.Text(1, 200, null),
                    EnumSet.of(
                            Operator.EQ,
                            Operator.LT,
                            Operator.LTE,
                            Operator.GT,
                            Operator.GTE,
                            Operator.IN,
                            Operator.NULL));
    private static final FieldType COUNT = new FieldType.WholeNumber(null, null);
    private static final FieldType MOMENT = new FieldType.Moment(null, null);
    private static final List<Column> ENVELOPE =
            List.of(
                    ID,
                    envelope("@revision", RecordTable.REVISION, COUNT, Set.of()),
                    envelope("@position", RecordTable.POSITION, COUNT, Set.of()),
                    envelope("@createdAt", RecordTable.CREATED_AT, MOMENT, Set.of()),
                    envelope("@updatedAt", RecordTable.UPDATED_AT, MOMENT, Set.of()));

    private final ModelName model;
    private final List<Column> fields;
    private final Map<String, Column> byName;
    private final List<Field> searched;
    private final Shapes shapes;

    public RecordShape(ModelName model, ModelDefinition definition) {
        this(
                model,
                definition.fields().values().stream()
                        .map(field ->
                                new Column(
                                        field.name(),
                                        TABLE,
                                        RecordTable.columnName(field.name()).last(),
                                        List.of(),
                                        field.type(),
                                        false,
                                        Operator.indexed(field)))
                        .toList(),
                new LinkedHashMap<>(),
                definition.searched(),
                _ -> null);
        fields.forEach(column -> byName.put(column.name(), column));
        ENVELOPE.forEach(column -> byName.put(column.name(), column));
    }

    private RecordShape(
            ModelName model,
            List<Column> fields,
            Map<String, Column> byName,
            List<Field> searched,
            Shapes shapes) {
        this.model = model;
        this.fields = fields;
        this.byName = byName;
        this.searched = searched;
        this.shapes = shapes;
    }

    /// The same, from which names can go on to records of other models.
    public RecordShape among(Shapes others) {
        return new RecordShape(model, fields, byName, searched, others);
    }

    public Shapes shapes() {
        return shapes;
    }

    public ModelName model() {
        return model;
    }

    /// The fields that are searched for words.
    public List<Field> searched() {
        return searched;
    }

    /// In the order of the model's definition.
    public List<Column> fields() {
        return fields;
    }

    /// The fields that refer to a model.
    public List<Column> references(ModelName to) {
        return fields.stream()
                .filter(column ->
                        column.type() instanceof FieldType.Reference reference
                                && reference.to().equals(to))
                .toList();
    }

    /// The parts of the envelope, in the order in which statements answer them.
    public static List<Column> envelope() {
        return ENVELOPE;
    }

    public static Column id() {
        return ID;
    }

    public @Nullable Column find(String name) {
        return byName.get(name);
    }

    /// Says that there is no such name, and which there are.
    public String unknown(String name) {
        String hint = byName.containsKey("@" + name) ? "did you mean @" + name + "? " : "";
        return "The model %s has no field \"%s\"; %sit has %s"
                .formatted(model, Excerpt.of(name), hint, String.join(", ", byName.keySet()));
    }

    private static Column envelope(
            String name, org.jooq.Field<?> column, FieldType type, Set<Operator> indexed) {
        return new Column(name, TABLE, column.getName(), List.of(), type, true, indexed);
    }
}
