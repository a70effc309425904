package io.headwater.query.tables;

import io.headwater.contract.ModelName;
import java.time.Instant;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// The table of one model's records, `read.record_<model>`, and its columns.
///
/// A field's column has the field's name, quoted, in its own case; null means that the field is not
/// set. Columns of the house start with `_`, which no field does. A unique field, an indexed one
/// and a reference have an index on `(column, _id)`; the primary key is `_id`. Columns are not
/// qualified: select from one table at a time, or alias.
public record RecordTable(ModelName model) {
    public static final Field<String> ID = DSL.field(DSL.name("_id"), SQLDataType.CLOB);

    /// Counts the record's changes, from 1.
    public static final Field<Long> REVISION = DSL.field(DSL.name("_revision"), SQLDataType.BIGINT);

    /// Position of the record's newest event.
    public static final Field<Long> POSITION = DSL.field(DSL.name("_position"), SQLDataType.BIGINT);

    /// Version of the model that the newest event obeyed.
    public static final Field<Integer> MODEL_VERSION =
            DSL.field(DSL.name("_model_version"), SQLDataType.INTEGER);

    /// Time of the event that created the record, or created it anew after a delete.
    public static final Field<Instant> CREATED_AT =
            DSL.field(DSL.name("_created_at"), SQLDataType.INSTANT);

    /// Time of the newest event.
    public static final Field<Instant> UPDATED_AT =
            DSL.field(DSL.name("_updated_at"), SQLDataType.INSTANT);

    /// Since when it is so in the world, as the newest command said; the time of the newest event
    /// where it said nothing.
    public static final Field<Instant> VALID_FROM =
            DSL.field(DSL.name("_valid_from"), SQLDataType.INSTANT);

    /// Columns that PostgreSQL has in every table; no other may have these names.
    private static final Set<String> TAKEN =
            Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    /// The table that queries read.
    public static RecordTable of(ModelName model) {
        return new RecordTable(model);
    }

    /// Name of the table in its schema. The prefix keeps a model named `checkpoint` from being the
    /// checkpoint.
    public Name name() {
        return DSL.name("record_" + model.value());
    }

    /// The table in the schema that queries read.
    public Table<Record> table() {
        return DSL.table(DSL.name(ReadSchema.NAME, "record_" + model.value()));
    }

    /// The column of a field of the model.
    public static Field<?> column(io.headwater.contract.Field field) {
        return DSL.field(columnName(field.name()), ColumnType.of(field.type()).jooq());
    }

    /// The name of a field's column.
    public static Name columnName(String field) {
        return DSL.name(TAKEN.contains(field) ? "_" + field : field);
    }
}
