package io.headwater.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.BatchLimits;
import io.headwater.query.run.CheckpointTable;
import io.headwater.query.run.LogReader;
import io.headwater.query.run.ProjectionRun;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The read schema is a function of the log: made anew, by hand or beside the running one, it is
/// the same.
class RebuildTest {
    private static final Duration BETWEEN_APPENDS = Duration.ofMillis(20);

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    @Test
    void droppedByHandTheReadSchemaComesBackTheSame() throws Exception {
        var load = new Load(fixture.log(), 1);
        fixture.startProjection("one");
        long last = 0;
        for (int i = 0; i < 50; i++) {
            last = load.append();
        }
        fixture.readModel().await(last);
        var before = fixture.readModel().content();
        requireFold();

        ProjectionFixture.dropSchemas();
        last = load.append();
        fixture.readModel().await(last);
        requireFold();

        // history too, whatever batches the events came in
        var whole = fixture.readModel().content();
        ProjectionFixture.dropSchemas();
        fixture.readModel().await(last);
        assertThat(fixture.readModel().content()).isEqualTo(whole);
        assertThat(whole.keySet()).isEqualTo(before.keySet()).contains("history_customer");
        requireFold();
    }

    @Test
    void aRebuildBesideTheRunningTablesIsSeenByNobody() throws Exception {
        var load = new Load(fixture.log(), 2);
        fixture.startProjection("one");
        for (int i = 0; i < 100; i++) {
            load.append();
        }
        long first = load.append();
        fixture.readModelOnStandby().await(first);

        var stop = new AtomicBoolean();
        var error = new AtomicReference<Throwable>();
        Thread onPrimary = reader(fixture.readModel(), stop, error);
        Thread onStandby = reader(fixture.readModelOnStandby(), stop, error);
        Thread writer =
                Thread.ofPlatform()
                        .start(() -> {
                            // Kafka takes more than a projection on a small machine can apply:
                            // without a pause the rebuild runs after an end that it never reaches.
                            while (!stop.get()) {
                                load.append();
                                LockSupport.parkNanos(BETWEEN_APPENDS.toNanos());
                            }
                        });
        for (int round = 0; round < 3; round++) {
            Object generation = generation();
            assertThat(new SchemaMigration(ProjectionFixture.owner()).migrate(NextSchema.NAME))
                    .isTrue();
            assertThat(new SchemaMigration(ProjectionFixture.owner()).migrate(NextSchema.NAME))
                    .as("a second order while the first is under way")
                    .isFalse();
            var rebuild = fixture.startRebuild("one");
            Awaitility.await()
                    .atMost(ProjectionFixture.PATIENCE)
                    .until(() -> !generation().equals(generation) && onlyOneSchema());
            rebuild.stop();
        }
        stop.set(true);
        onPrimary.join();
        onStandby.join();
        writer.join();

        assertThat(error.get()).isNull();
        fixture.readModel().await(fixture.log().position());
        requireFold();
    }

    @Test
    void aRebuildThatWasCutOffGoesOnOrIsGivenUp() throws Exception {
        var load = new Load(fixture.log(), 3);
        var running = fixture.startProjection("one");
        long last = 0;
        for (int i = 0; i < 300; i++) {
            last = load.append();
        }
        fixture.readModel().await(last);

        // cut off half way: the order is there, and the tables of the next schema hold a part
        new SchemaMigration(ProjectionFixture.owner()).migrate(NextSchema.NAME);
        try (Connection connection = ProjectionFixture.projector().getConnection()) {
            connection.setSchema(NextSchema.NAME);
            var checkpoint =
                    Objects.requireNonNull(
                            CheckpointTable.acquire(connection, "crashed", Duration.ofMillis(1)));
            try (var reader = new LogReader(ProjectionFixture.cluster().bootstrapServers(), 0);
                    var half =
                            new ProjectionRun(
                                    connection,
                                    checkpoint,
                                    reader,
                                    new BatchLimits(100, 1_000_000),
                                    running.status())) {
                Awaitility.await()
                        .until(() -> {
                            half.step(Duration.ofSeconds(1));
                            return half.position() > 0;
                        });
                assertThat(half.position()).isLessThan(last);
            }
        }
        Object generation = generation();
        fixture.startRebuild("two");
        Awaitility.await()
                .atMost(ProjectionFixture.PATIENCE)
                .until(() -> !generation().equals(generation));
        fixture.readModel().await(load.append());
        requireFold();

        var administration =
                new ProjectionAdministration(
                        ProjectionFixture.projector(),
                        ProjectionFixture.owner(),
                        new SchemaMigration(ProjectionFixture.owner()),
                        running.status(),
                        running.status());
        assertThat(administration.abandonRebuild()).isFalse();
    }

    /// Which tables are read: another number after a rebuild.
    private Object generation() throws SQLException {
        return fixture.readModel().one("SELECT 'read.record_customer'::regclass::oid::bigint");
    }

    private boolean onlyOneSchema() throws SQLException {
        return fixture.readModel()
                .one("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^read'")
                .equals(1L);
    }

    private void requireFold() throws SQLException {
        for (String model : Load.MODELS) {
            assertThat(Fold.actual(fixture.readModel(), model, Load.FIELDS))
                    .as(model)
                    .isEqualTo(Fold.expected(fixture.log().committed(), model, Load.FIELDS));
        }
    }

    /// Reads without a pause, and sees a position that never goes back, and rows that are never
    /// missing.
    private static Thread reader(
            ReadModel readModel, AtomicBoolean stop, AtomicReference<Throwable> error) {
        return Thread.ofPlatform()
                .start(() -> {
                    try (Connection connection = readModel.connect();
                            PreparedStatement statement =
                                    connection.prepareStatement(
                                            """
                                            SELECT c.position, (SELECT count(*) FROM read.record_customer),
                                                   (SELECT max(_position) FROM read.record_customer)
                                              FROM read.checkpoint c
                                            """)) {
                        long last = 0;
                        while (!stop.get()) {
                            try (var row = statement.executeQuery()) {
                                if (!row.next()
                                        || row.getLong(1) < last
                                        || row.getLong(2) < 50
                                        || row.getLong(3) > row.getLong(1)) {
                                    throw new AssertionError(
                                            "position %d after %d, %d rows up to %d"
                                                    .formatted(
                                                            row.getLong(1),
                                                            last,
                                                            row.getLong(2),
                                                            row.getLong(3)));
                                }
                                last = row.getLong(1);
                            }
                        }
                    } catch (SQLException | AssertionError e) {
                        error.set(e);
                    }
                });
    }
}
