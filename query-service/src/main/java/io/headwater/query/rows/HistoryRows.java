package io.headwater.query.rows;

import io.headwater.query.tables.HistoryTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// Writes the states that a batch ends, or begins and ends, to the history of one model.
///
/// @param connection in the batch's transaction
record HistoryRows(Connection connection, TableLayout layout) {

    /// To be called before the table of records is changed.
    ///
    /// @param created records that were not there before the batch, and are after it
    /// @param ended states that the batch began, and that are not the newest
    void write(
            List<RecordChanges.Change> changed,
            List<RecordChanges.Change> deleted,
            List<RecordChanges.Change> created,
            List<RecordChanges.Ended> ended)
            throws SQLException {
        List<RecordChanges.Change> before =
                Stream.concat(changed.stream(), deleted.stream()).toList();
        if (!before.isEmpty()) {
            takeOver(before);
        }
        List<RecordChanges.Change> again =
                Stream.concat(
                                created.stream(),
                                ended.stream()
                                        .filter(state -> state.until() == HistoryTable.OPEN)
                                        .map(RecordChanges.Ended::state))
                        .filter(RecordChanges.Change::comesAgain)
                        .toList();
        if (!again.isEmpty()) {
            endDeletions(again);
        }
        if (!ended.isEmpty()) {
            add(ended);
        }
    }

    private void takeOver(List<RecordChanges.Change> before) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(layout.history().takeOver())) {
            statement.setArray(1, array("text", before, RecordChanges.Change::id));
            statement.setArray(2, array("int8", before, RecordChanges.Change::base));
            statement.setArray(3, array("int8", before, RecordChanges.Change::first));
            statement.executeUpdate();
        }
    }

    private void endDeletions(List<RecordChanges.Change> again) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(layout.history().endDeletions())) {
            statement.setArray(1, array("text", again, RecordChanges.Change::id));
            statement.setArray(2, array("int8", again, RecordChanges.Change::first));
            statement.executeUpdate();
        }
    }

    private void add(List<RecordChanges.Ended> ended) throws SQLException {
        RecordRows.of(layout, ended.stream().map(RecordChanges.Ended::state).toList())
                .addToHistory(
                        connection,
                        ended.stream().map(RecordChanges.Ended::until).toArray(Long[]::new),
                        ended.stream()
                                .map(state -> state.state().written() == null)
                                .toArray(Boolean[]::new));
    }

    private java.sql.Array array(
            String type,
            List<RecordChanges.Change> changes,
            Function<RecordChanges.Change, Object> value)
            throws SQLException {
        return connection.createArrayOf(type, changes.stream().map(value).toArray());
    }
}
