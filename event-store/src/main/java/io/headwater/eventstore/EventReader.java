package io.headwater.eventstore;

import io.headwater.eventstore.EventLogException.Failed;
import io.headwater.eventstore.EventLogException.Unavailable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.jdbc.PgConnection;

/// The statements that read the log. Safe for concurrent use; each call takes a connection and
/// gives it back. A call that finds the database away waits for it, within the bound.
final class EventReader {

    /// Most bytes of payload and metadata in one page, if it has more than one event.
    private static final int PAGE_BYTES = 8 * 1024 * 1024;

    /// Connections of the pool that were told to plan a statement once.
    private final Map<Connection, Boolean> planningOnce =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final DataSource database;
    private final Patience patience;

    EventReader(DataSource database, Patience patience) {
        this.database = database;
        this.patience = patience;
    }

    private interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    long head() {
        return patiently(
                "The head of the log was not read",
                connection -> {
                    try (PreparedStatement statement =
                                    connection.prepareStatement(ReadSql.READ_HEAD);
                            ResultSet row = statement.executeQuery()) {
                        row.next();
                        return row.getLong(1);
                    }
                });
    }

    String epoch() {
        return patiently(
                "The epoch of the log was not read",
                connection -> {
                    try (PreparedStatement statement =
                                    connection.prepareStatement(ReadSql.READ_EPOCH);
                            ResultSet row = statement.executeQuery()) {
                        row.next();
                        return row.getString(1);
                    }
                });
    }

    long positionBefore(long atMicros) {
        return patiently(
                "The log was not searched for a time",
                connection -> {
                    try (PreparedStatement statement =
                            connection.prepareStatement(ReadSql.POSITION_BEFORE_TIME)) {
                        statement.setLong(1, atMicros);
                        try (ResultSet row = statement.executeQuery()) {
                            row.next();
                            return row.getLong(1);
                        }
                    }
                });
    }

    Page page(List<Criterion> criteria, long after, long upTo, int limit) {
        return patiently(
                "The log was not read",
                criteria.stream().anyMatch(Criterion::isEveryEvent)
                        ? connection -> everyEvent(connection, after, upTo, limit)
                        : connection -> matching(connection, criteria, after, upTo, limit));
    }

    private static Page everyEvent(Connection connection, long after, long upTo, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ReadSql.READ_EVERY_EVENT)) {
            statement.setLong(1, after);
            statement.setLong(2, upTo);
            statement.setInt(3, limit);
            statement.setInt(4, PAGE_BYTES);
            return page(statement, after, upTo, limit);
        }
    }

    private static Page matching(
            Connection connection, List<Criterion> criteria, long after, long upTo, int limit)
            throws SQLException {
        CriteriaColumns columns = new CriteriaColumns();
        criteria.forEach(criterion -> columns.add(0, after, criterion));
        try (PreparedStatement statement = connection.prepareStatement(ReadSql.READ_MATCHING)) {
            columns.bindTags(statement, 1);
            statement.setLong(4, after);
            statement.setLong(5, upTo);
            statement.setLong(6, limit);
            statement.setInt(7, PAGE_BYTES);
            return page(statement, after, upTo, limit);
        }
    }

    private static Page page(PreparedStatement statement, long after, long upTo, int limit)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<StoredEvent> events = new ArrayList<>();
            long head = 0;
            int matched = 0;
            while (rows.next()) {
                head = rows.getLong(1);
                matched = rows.getInt(2);
                if (matched > 0) {
                    events.add(event(rows));
                }
            }
            boolean complete = matched < limit && events.size() == matched;
            long end =
                    complete ? Math.max(after, Math.min(upTo, head)) : events.getLast().position();
            return new Page(head, events, end, complete);
        }
    }

    Newest newest(List<Criterion> criteria) {
        return patiently(
                "The newest events were not read",
                connection -> {
                    CriteriaColumns columns = new CriteriaColumns();
                    for (int i = 0; i < criteria.size(); i++) {
                        columns.add(i, 0, criteria.get(i));
                    }
                    try (PreparedStatement statement =
                            connection.prepareStatement(ReadSql.READ_NEWEST)) {
                        columns.bindOwnersAndTags(statement, 1);
                        return newest(statement, criteria);
                    }
                });
    }

    private static Newest newest(PreparedStatement statement, List<Criterion> criteria)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            Map<Criterion, StoredEvent> events = new HashMap<>();
            long head = 0;
            while (rows.next()) {
                head = rows.getLong(1);
                Array owners = rows.getArray(2);
                if (owners != null) {
                    StoredEvent event = event(rows);
                    for (Integer owner : (Integer[]) owners.getArray()) {
                        events.put(criteria.get(owner), event);
                    }
                }
            }
            return new Newest(head, events);
        }
    }

    private static StoredEvent event(ResultSet row) throws SQLException {
        return new StoredEvent(
                row.getLong(3),
                row.getObject(4, UUID.class),
                row.getString(5),
                row.getString(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9),
                List.of((String[]) row.getArray(10).getArray()));
    }

    private <T> T patiently(String failure, Query<T> query) {
        long begin = System.nanoTime();
        for (long pause = 10; ; pause = Math.min(2 * pause, 500)) {
            try (Connection connection = database.getConnection()) {
                planOnce(connection);
                return query.run(connection);
            } catch (SQLException e) {
                if (!Outage.passes(e)) {
                    throw new Failed(failure, e);
                }
                if (System.nanoTime() - begin > patience.outage().toNanos()
                        || Thread.currentThread().isInterrupted()) {
                    throw new Unavailable(failure, patience.outage(), e);
                }
            }
            LockSupport.parkNanos(pause * 1_000_000);
        }
    }

    private void planOnce(Connection connection) throws SQLException {
        Connection physical = connection.unwrap(PgConnection.class);
        if (planningOnce.putIfAbsent(physical, true) == null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(AppendSql.PLAN_ONCE);
            } catch (SQLException e) {
                planningOnce.remove(physical);
                throw e;
            }
        }
    }
}
