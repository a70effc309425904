package io.headwater.query.rows;

import io.headwater.contract.Field;
import io.headwater.contract.RecordEvent.Written;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Rows of one table as one array for each column, for the statements of [TableLayout].
final class RecordRows {
    private final TableLayout layout;
    private final String[] ids;
    private final Long[] revisions;
    private final Long[] positions;
    private final Integer[] versions;
    private final String[] times;
    private final String[] created;
    private final String[] valid;
    private final String[][] values;
    private final Long[] bases;

    private RecordRows(TableLayout layout, int size) {
        this.layout = layout;
        ids = new String[size];
        revisions = new Long[size];
        positions = new Long[size];
        versions = new Integer[size];
        times = new String[size];
        created = new String[size];
        valid = new String[size];
        values = new String[layout.fields().size()][size];
        bases = new Long[size];
    }

    /// @param changes states; deletions only for the history
    /// @throws UnappliableException if a value does not fit its field, or a field is not known
    static RecordRows of(TableLayout layout, List<RecordChanges.Change> changes) {
        var rows = new RecordRows(layout, changes.size());
        for (int i = 0; i < changes.size(); i++) {
            rows.set(i, changes.get(i));
        }
        return rows;
    }

    private void set(int row, RecordChanges.Change change) {
        ids[row] = change.id();
        revisions[row] = change.revision();
        positions[row] = change.position();
        versions[row] = change.modelVersion();
        times[row] = change.at();
        created[row] = change.createdAt();
        valid[row] = change.validFrom();
        bases[row] = change.base();
        Written written = change.written();
        if (written != null) {
            set(row, written.fields());
        }
    }

    private void set(int row, ObjectNode fields) {
        int known = 0;
        for (int i = 0; i < values.length; i++) {
            Field field = layout.fields().get(i);
            var value = fields.get(field.name());
            if (value != null) {
                values[i][row] = ColumnText.of(field, value);
                known++;
            }
        }
        if (known < fields.size()) {
            throw new UnappliableException("it has a field that its model does not define");
        }
    }

    /// @return rows inserted
    int insert(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(layout.insert())) {
            bind(connection, statement);
            return statement.executeUpdate();
        }
    }

    /// @return rows updated
    int update(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(layout.update())) {
            int next = bind(connection, statement);
            statement.setArray(next, connection.createArrayOf("int8", bases));
            return statement.executeUpdate();
        }
    }

    /// Adds them to the history.
    ///
    /// @param untils positions of the events that ended the states
    /// @param deleted whether they are deletions
    void addToHistory(Connection connection, Long[] untils, Boolean[] deleted) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(layout.addToHistory())) {
            int next = bind(connection, statement);
            statement.setArray(next++, connection.createArrayOf("int8", untils));
            statement.setArray(next, connection.createArrayOf("bool", deleted));
            statement.executeUpdate();
        }
    }

    /// @return number of the next parameter
    private int bind(Connection connection, PreparedStatement statement) throws SQLException {
        int next = 1;
        statement.setArray(next++, connection.createArrayOf("text", ids));
        statement.setArray(next++, connection.createArrayOf("int8", revisions));
        statement.setArray(next++, connection.createArrayOf("int8", positions));
        statement.setArray(next++, connection.createArrayOf("int4", versions));
        statement.setArray(next++, connection.createArrayOf("text", times));
        statement.setArray(next++, connection.createArrayOf("text", created));
        statement.setArray(next++, connection.createArrayOf("text", valid));
        for (String[] column : values) {
            statement.setArray(next++, connection.createArrayOf("text", column));
        }
        return next;
    }
}
