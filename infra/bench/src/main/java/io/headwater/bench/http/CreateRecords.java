package io.headwater.bench.http;

import io.headwater.bench.load.HttpConnection;
import io.headwater.bench.load.Platform;
import io.headwater.bench.load.RawInserts;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Creates over HTTP, beside raw inserts. Relay and query service are stopped: what they do with
/// the events would go on into the yardstick's turn and slow it down.
final class CreateRecords {
    static final int CONNECTIONS = 32;

    static final Row ROW =
            new Row(
                    "http-create",
                    "HTTP create, 32 connections",
                    "raw JDBC single-row INSERT + COMMIT of the same bytes, 32 connections",
                    "records/s",
                    new Bar.RatioAtLeast(0.3));

    private final Platform platform;
    private final AtomicLong created = new AtomicLong();

    CreateRecords(Platform platform) {
        this.platform = platform;
    }

    List<Finding> measure(Plan plan) throws Exception {
        try (Connection connection = platform.local().cluster().superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(RawInserts.TABLE);
        }
        return List.of(
                new Finding(
                        ROW,
                        Turns.take(
                                plan,
                                slice ->
                                        ClosedLoop.perSecond(
                                                CONNECTIONS, slice, i -> new Creator()),
                                slice ->
                                        ClosedLoop.perSecond(
                                                CONNECTIONS,
                                                slice,
                                                i ->
                                                        new RawInserts(
                                                                platform.local()
                                                                        .cluster()
                                                                        .superuser()))),
                        Map.of("running", "command-service, PostgreSQL, standby, Kafka")));
    }

    private final class Creator implements ClosedLoop.Caller {
        private final HttpConnection connection = platform.commands();

        @Override
        public void call() throws IOException {
            connection
                    .send(
                            "POST",
                            "/records/customer",
                            Platform.customer("c" + created.incrementAndGet()))
                    .expectSuccess();
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
