package io.headwater.query.projection;

import io.headwater.contract.FieldType;
import io.headwater.contract.RecordEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What the records of a model must be after the events: worked out with plain maps, beside the
/// projection.
final class Fold {
    private record State(
            long revision, long position, long createdAt, int version, RecordEvent.Written last) {}

    private Fold() {}

    /// One line for each record, in the order of ids.
    static List<String> expected(List<TestLog.Logged> events, String model, List<String> fields) {
        Map<String, State> states = new HashMap<>();
        for (TestLog.Logged logged : events) {
            if (logged.event() instanceof RecordEvent event
                    && event.record().model().value().equals(model)) {
                String id = event.record().id().value();
                switch (event) {
                    case RecordEvent.RecordCreated created ->
                            states.put(id, state(created, logged.position(), logged.position()));
                    case RecordEvent.RecordChanged changed ->
                            states.put(
                                    id,
                                    state(
                                            changed,
                                            logged.position(),
                                            Objects.requireNonNull(states.get(id)).createdAt()));
                    case RecordEvent.RecordDeleted _ -> states.remove(id);
                }
            }
        }
        var lines = new ArrayList<String>();
        new TreeMap<>(states)
                .forEach((id, state) -> {
                    var line = new StringBuilder(id);
                    line.append('|').append(state.revision());
                    line.append('|').append(state.position());
                    line.append('|').append(time(state.createdAt()));
                    line.append('|').append(time(state.position()));
                    for (String field : fields) {
                        var value = state.last().fields().get(field);
                        line.append('|').append(value == null ? "-" : value.asString());
                    }
                    lines.add(line.toString());
                });
        return lines;
    }

    /// The same from the table.
    static List<String> actual(ReadModel readModel, String model, List<String> fields)
            throws SQLException {
        var columns = new StringBuilder();
        for (String field : fields) {
            columns.append(", coalesce(\"").append(field).append("\"::text, '-')");
        }
        String query =
                """
                SELECT concat_ws('|', _id, _revision, _position,
                           to_char(_created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                           to_char(_updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')%s) AS line
                  FROM read.record_%s ORDER BY _id
                """
                        .formatted(columns, model);
        return readModel.rows(query).stream().map(row -> (String) row.get("line")).toList();
    }

    private static State state(RecordEvent.Written event, long position, long createdAt) {
        return new State(event.revision(), position, createdAt, event.modelVersion(), event);
    }

    private static String time(long position) {
        return FieldType.Moment.text(TestLog.timeOf(position));
    }
}
