package io.headwater.query.language;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// A statement that answers with how far the read model is, the model's version, and records, all
/// of one snapshot. There is always at least one row; in a row without a record the columns from
/// [#ID] on are null.
///
/// @param sql with `?` for the binds
/// @param binds each a String, a Long or a `String[]`
/// @param shown fields in the order of their result columns, the first at [#FIRST_FIELD]
/// @param sort result columns of the sort keys
public record CompiledQuery(
        String sql, List<Object> binds, List<Column> shown, List<SortColumn> sort) {

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

    /// @param index of the result column with the key's value
    public record SortColumn(Column column, int index) {}
}
