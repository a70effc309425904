package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.changed;
import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.ModelEvent.ModelRetired;
import io.headwater.contract.ModelName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A model changes, and its table with it, while others read.
class ModelChangeTest {
    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    @Test
    void theCatalogueHasEveryVersionAndTheTableTheFieldsOfAll() throws Exception {
        fixture.log()
                .append(
                        defined(
                                "m",
                                1,
                                "{\"fields\":{\"a\":{\"type\":\"text\"},\"b\":{\"type\":\"text\"}}}"),
                        created("m", "r", "{\"a\":\"1\",\"b\":\"1\"}"),
                        defined(
                                "m",
                                2,
                                "{\"label\":\"Two\",\"fields\":{\"b\":{\"type\":\"text\",\"indexed\":true},\"c\":{\"type\":\"reference\",\"to\":\"m\"}}}"),
                        changed("m", "r", 2, "{\"b\":\"2\",\"c\":\"r\"}"),
                        defined(
                                "m",
                                3,
                                "{\"fields\":{\"b\":{\"type\":\"enum\",\"options\":[\"2\"]}}}"),
                        new ModelRetired(new ModelName("m"), 3));
        fixture.startProjection("one");
        fixture.readModel().await(6);

        assertThat(
                        fixture.readModel()
                                .rows(
                                        "SELECT version, position FROM read.model_version WHERE name = 'm' ORDER BY 1"))
                .extracting(row -> row.values().toString())
                .containsExactly("[1, 1]", "[2, 3]", "[3, 5]");
        assertThat(
                        fixture.readModel()
                                .rows(
                                        "SELECT version, retired_at IS NOT NULL AS retired FROM read.model"))
                .extracting(row -> row.values().toString())
                .containsExactly("[3, true]");
        assertThat(
                        (String)
                                fixture.readModel()
                                        .one(
                                                "SELECT definition::text FROM read.model_version WHERE version = 2"))
                .contains("\"label\":\"Two\"");
        assertThat(fixture.readModel().rows("SELECT a, b, c FROM read.record_m"))
                .extracting(row -> row.values().toString())
                .containsExactly("[null, 2, r]");
        assertThat(
                        fixture.readModel()
                                .rows(
                                        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'read' AND tablename = 'record_m'"))
                .extracting(row -> (String) row.get("indexdef"))
                .noneMatch(definition -> definition.contains("(b"))
                .noneMatch(definition -> definition.contains("(c"));
    }

    @Test
    void indexesComeAndGoWithWhatIsDeclared() throws Exception {
        String texts =
                "{\"fields\":{\"a\":{\"type\":\"text\",\"maxLength\":90%s},\"b\":{\"type\":\"text\"%s}}}";
        fixture.log()
                .append(
                        defined("m", 1, texts.formatted("", "")),
                        created("m", "r", "{\"a\":\"Málaga\",\"b\":\"x\"}"),
                        changed("m", "r", 2, "{\"a\":\"Łódź\",\"b\":\"y\"}"),
                        defined(
                                "m",
                                2,
                                texts.formatted(
                                        ",\"indexed\":true,\"search\":\"A\"", ",\"search\":true")));
        fixture.startProjection("one");
        fixture.readModel().await(4);
        assertThat(indexes())
                .contains("cx_m.a", "ch_m.a", "sx_m.a", "sh_m.a", "ix_m.a", "fx_m", "fh_m")
                .doesNotContain("cx_m.b");

        fixture.log()
                .append(
                        defined("m", 3, texts.formatted("", ",\"search\":\"B\"")),
                        changed("m", "r", 3, "{\"a\":\"z\",\"b\":\"z\"}"));
        fixture.readModel().await(6);
        assertThat(indexes()).contains("fx_m", "fh_m").noneMatch(name -> name.endsWith("m.a"));
        assertThat(
                        (String)
                                fixture.readModel()
                                        .one(
                                                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'read' AND indexname = 'fx_m'"))
                .contains("'B'")
                .doesNotContain("'A'");
    }

    private List<String> indexes() throws Exception {
        return fixture
                .readModel()
                .rows("SELECT indexname FROM pg_indexes WHERE schemaname = 'read'")
                .stream()
                .map(row -> (String) row.get("indexname"))
                .toList();
    }

    @Test
    void readersGoOnWhileTheirTableChanges() throws Exception {
        fixture.log().append(defined("m", 1, definition(1)), created("m", "r", "{\"f1\":1}"));
        fixture.startProjection("one");
        fixture.readModelOnStandby().await(2);

        try (var onPrimary = new Readers(fixture.readModel(), 2);
                var onStandby = new Readers(fixture.readModelOnStandby(), 2)) {
            long last = 2;
            for (int version = 2; version <= 30; version++) {
                last =
                        fixture.log()
                                .append(
                                        defined("m", version, definition(version)),
                                        changed(
                                                "m",
                                                "r",
                                                version,
                                                "{\"f1\":1,\"f%d\":1}".formatted(version)));
                onPrimary.awaitProgress();
                onStandby.awaitProgress();
            }
            fixture.readModelOnStandby().await(last);
            onPrimary.requireNoErrors();
            onStandby.requireNoErrors();
        }
        assertThat(fixture.readModel().one("SELECT f30 FROM read.record_m")).isEqualTo(1L);
    }

    @Test
    void aReaderThatHoldsTheTableDelaysItsChangeAndNobodyElse() throws Exception {
        fixture.log().append(defined("m", 1, definition(1)), created("m", "r", "{\"f1\":1}"));
        fixture.startProjection("one");
        fixture.readModel().await(2);

        try (Connection holder = fixture.readModel().connect();
                var readers = new Readers(fixture.readModel(), 2)) {
            holder.setAutoCommit(false);
            try (var statement = holder.createStatement()) {
                statement.execute("SELECT * FROM read.record_m");
                fixture.log().append(defined("m", 2, definition(2)));
                for (int i = 0; i < 10; i++) {
                    readers.awaitProgress();
                }
                assertThat(fixture.readModel().position()).isEqualTo(2);
            }
            holder.rollback();
            fixture.readModel().await(3);
            readers.requireNoErrors();
        }
    }

    private static String definition(int fields) {
        var json = new StringBuilder("{\"fields\":{");
        for (int i = 1; i <= fields; i++) {
            json.append(i == 1 ? "" : ",")
                    .append(
                            "\"f%d\":{\"type\":\"integer\",\"indexed\":%s}"
                                    .formatted(i, i % 2 == 0));
        }
        return json.append("}}").toString();
    }

    /// Threads that read the row without a pause, with prepared statements as the queries do.
    private static final class Readers implements AutoCloseable {
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final AtomicLong reads = new AtomicLong();
        private final AtomicReference<SQLException> error = new AtomicReference<>();
        private final List<Thread> threads;

        Readers(ReadModel readModel, int count) {
            threads =
                    java.util.stream.IntStream.range(0, count)
                            .mapToObj(_ -> Thread.ofPlatform().start(() -> read(readModel)))
                            .toList();
        }

        private void read(ReadModel readModel) {
            try (Connection connection = readModel.connect();
                    PreparedStatement statement =
                            connection.prepareStatement(
                                    "SELECT c.position, r._id, r.f1 FROM read.checkpoint c LEFT JOIN read.record_m r ON true")) {
                while (!stopping.get()) {
                    try (var rows = statement.executeQuery()) {
                        if (!rows.next() || rows.getLong(3) != 1) {
                            throw new SQLException("the row is not to be seen");
                        }
                        reads.incrementAndGet();
                    }
                }
            } catch (SQLException e) {
                error.set(e);
            }
        }

        void awaitProgress() {
            long before = reads.get();
            Awaitility.await()
                    .atMost(ProjectionFixture.PATIENCE)
                    .until(() -> reads.get() > before + 20 || error.get() != null);
        }

        void requireNoErrors() {
            assertThat((Throwable) error.get()).isNull();
        }

        @Override
        public void close() throws InterruptedException {
            stopping.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
