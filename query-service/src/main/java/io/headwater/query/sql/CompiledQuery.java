package io.headwater.query.sql;

import io.headwater.contract.FieldType;
import io.headwater.contract.ModelName;
import io.headwater.query.asked.Search;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that answers with how far the read model is, the model's version, and records, all
/// of one snapshot. There is always at least one row; in a row without a record the columns from
/// [#ID] on are null.
///
/// @param sql with `?` for the binds
/// @param binds each a String, a Long or a `String[]`
/// @param shown fields in the order of their result columns, the first at [#FIRST_FIELD]
/// @param sort result columns of the sort keys
/// @param search what was searched for, null for nothing; the result column behind those of the
///   sort keys is the rank
/// @param others models that the statement depends on besides its own, in order
/// @param versions result column that says at which versions they are, as
///   [RowSource][io.headwater.query.shape.RowSource] writes them; null without others
/// @param expanded names of what is put beside a record: their result columns, each JSON, follow
///   that of the versions
public record CompiledQuery(
        String sql,
        List<Object> binds,
        List<Column> shown,
        List<SortColumn> sort,
        @Nullable Search search,
        List<ModelName> others,
        int versions,
        List<String> expanded) {

    // Result columns, counted from 1 as JDBC does.
    public static final int EPOCH = 1;
    public static final int CHECKPOINT = 2;
    public static final int MODEL_VERSION = 3;
    public static final int ID = 4;
    public static final int REVISION = 5;
    public static final int POSITION = 6;
    public static final int CREATED_AT = 7;
    public static final int UPDATED_AT = 8;
    public static final int FIRST_FIELD = 9;

    public CompiledQuery {
        binds = List.copyOf(binds);
        shown = List.copyOf(shown);
        sort = List.copyOf(sort);
        others = List.copyOf(others);
        expanded = List.copyOf(expanded);
    }

    /// Sets the binds, all of them.
    public void bind(PreparedStatement statement) throws SQLException {
        int index = 1;
        for (Object value : binds) {
            switch (value) {
                case String text -> statement.setString(index, text);
                case Long number -> statement.setLong(index, number);
                case String[] texts ->
                        statement.setArray(
                                index, statement.getConnection().createArrayOf("text", texts));
                default -> throw new IllegalStateException("No way to bind a " + value.getClass());
            }
            index++;
        }
    }

    /// The same with another last bind.
    public CompiledQuery withLast(Object bind) {
        var all = new ArrayList<>(binds);
        all.set(binds.size() - 1, bind);
        return new CompiledQuery(sql, all, shown, sort, search, others, versions, expanded);
    }

    /// Result column of the rank.
    public int rank() {
        return FIRST_FIELD + shown.size() + sort.size();
    }

    /// A result column whose value is of the answer.
    ///
    /// @param name as in a query
    /// @param always whether every record has a value
    public record Shown(String name, FieldType type, boolean always, int index) {}

    /// Everything that a record of the answer has, its envelope first, as a table has it: what was
    /// put beside the record is json.
    public List<Shown> table() {
        List<Shown> table = new ArrayList<>();
        for (Column part : RecordShape.envelope()) {
            table.add(new Shown(part.name(), part.type(), true, ID + table.size()));
        }
        for (int i = 0; i < shown.size(); i++) {
            Column field = shown.get(i);
            table.add(new Shown(field.name(), field.type(), false, FIRST_FIELD + i));
        }
        if (search != null) {
            Column rank = Search.RANKED;
            table.add(new Shown(rank.name(), rank.type(), true, rank()));
        }
        for (int i = 0; i < expanded.size(); i++) {
            FieldType json = new FieldType.AnyJson();
            table.add(new Shown("expanded." + expanded.get(i), json, false, versions + 1 + i));
        }
        return table;
    }

    /// @param index of the result column with the key's value
    public record SortColumn(Column column, int index) {}
}
