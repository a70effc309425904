package io.headwater.bench.http;

import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/// Reads of one record by its id from the standby, over HTTP and by raw JDBC, ids at random.
/// Nothing is written meanwhile.
final class GetRecords {
    static final Row ROW =
            new Row(
                    "http-get",
                    "HTTP get by id from the standby, 32 connections",
                    "raw JDBC select by key from the standby, 32 connections",
                    "reads/s",
                    new Bar.RatioAtLeast(0.3));

    private final Platform platform;
    private final List<String> ids = new ArrayList<>();

    GetRecords(Platform platform) {
        this.platform = platform;
    }

    List<Finding> measure(Plan plan) throws Exception {
        try (Connection connection = platform.local().cluster().standby().superuser();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT _id FROM read.record_customer LIMIT 100000")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return List.of(
                new Finding(
                        ROW,
                        Turns.take(
                                plan,
                                slice ->
                                        ClosedLoop.perSecond(
                                                CreateRecords.CONNECTIONS,
                                                slice,
                                                i -> new Getter()),
                                slice ->
                                        ClosedLoop.perSecond(
                                                CreateRecords.CONNECTIONS,
                                                slice,
                                                i -> new Selector())),
                        Map.of("records", ids.size(), "running", "everything, idle")));
    }

    private String anyId() {
        return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
    }

    private final class Getter implements ClosedLoop.Caller {
        private final HttpConnection connection = platform.queries();

        @Override
        public void call() throws IOException {
            connection.get("/records/customer/" + anyId()).expectSuccess();
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    private final class Selector implements ClosedLoop.Caller {
        private final Connection connection;
        private final PreparedStatement select;

        Selector() throws SQLException {
            connection = platform.standby();
            select =
                    connection.prepareStatement("SELECT * FROM read.record_customer WHERE _id = ?");
            select.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(1);
        }

        @Override
        public void call() throws SQLException {
            select.setString(1, anyId());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("A record that was there is gone.");
                }
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    row.getString(i);
                }
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
