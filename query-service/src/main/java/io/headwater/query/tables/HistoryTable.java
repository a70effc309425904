package io.headwater.query.tables;

import io.headwater.contract.ModelName;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/// The table of one model's former states, `read.history_<model>`: the columns of [RecordTable],
/// and up to where in the log the state held. The newest state of a record that is there is not in
/// it: that is the record's row. A deletion is a state too.
///
/// Its primary key is `(_id, _until, _position)`, and each index of the model's fields goes on with
/// these three: whether a state held at a position is seen in the index, without a look at the row.
public record HistoryTable(ModelName model) {
    /// Position of the event that ended the state: it held from its own position to before this
    /// one. [#OPEN] for the deletion of a record that is gone.
    public static final Field<Long> UNTIL = DSL.field(DSL.name("_until"), SQLDataType.BIGINT);

    /// Whether the record was gone.
    public static final Field<Boolean> DELETED =
            DSL.field(DSL.name("_deleted"), SQLDataType.BOOLEAN);

    /// What [#UNTIL] is as long as nothing has ended the state; greater than every position.
    public static final long OPEN = Long.MAX_VALUE;

    public static HistoryTable of(ModelName model) {
        return new HistoryTable(model);
    }

    /// Name of the table in its schema.
    public Name name() {
        return DSL.name("history_" + model.value());
    }

    /// The table in the schema that queries read.
    public Table<Record> table() {
        return DSL.table(DSL.name(ReadSchema.NAME, "history_" + model.value()));
    }
}
