package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.changed;
import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.query.tables.ReadSchema;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Read models from before there was a history get one that begins where they are.
class HistoryMigrationTest {
    private static final String MODEL =
            "{\"fields\": {\"n\": {\"type\": \"integer\", \"indexed\": true}, \"s\": {\"type\": \"text\", \"indexed\": true}}}";
    private static final String[] TEXT_INDEXES = {
        "[sh_m.s, USING btree (read.fold(s), _id, _until, _position)]",
        "[sx_m.s, USING btree (read.fold(s), _id)]"
    };

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    @Test
    void historyBeginsAtTheCheckpointAndARebuildMakesAllOfIt() throws Exception {
        fixture.log().append(defined("m", 1, MODEL), created("m", "a", "{\"n\": 1, \"s\": \"Á\"}"));
        asItWasBefore();
        fixture.log().append(changed("m", "a", 2, "{\"n\": 2}"), created("m", "b", "{\"n\": 5}"));
        fixture.startProjection("one");
        fixture.readModel().await(4);

        assertThat(fixture.readModel().one("SELECT history_since FROM read.checkpoint"))
                .isEqualTo(2L);
        assertThat(fixture.readModel().one("SELECT _id || n || _until FROM read.history_m"))
                .isEqualTo("a13");
        assertThat(
                        fixture.readModel()
                                .one(
                                        "SELECT count(*) FROM pg_indexes WHERE schemaname = 'read' AND indexdef ~ 'history_m.*n, _id, _until, _position'"))
                .isEqualTo(1L);
        assertThat(
                        fixture.readModel()
                                .rows(
                                        "SELECT indexname, substring(indexdef FROM 'USING.*') AS key FROM pg_indexes WHERE schemaname = 'read' AND indexname ~ '^s[xh]_' ORDER BY 1"))
                .extracting(row -> row.values().toString())
                .containsExactly(TEXT_INDEXES);
        ProjectionFixture.dropSchemas();
        fixture.readModel().await(4);
        assertThat(fixture.readModel().one("SELECT history_since FROM read.checkpoint"))
                .isEqualTo(0L);
        assertThat(
                        fixture.readModel()
                                .rows(
                                        "SELECT indexname, substring(indexdef FROM 'USING.*') AS key FROM pg_indexes WHERE schemaname = 'read' AND indexname ~ '^s[xh]_' ORDER BY 1"))
                .extracting(row -> row.values().toString())
                .as("the projection makes what the migration made")
                .containsExactly(TEXT_INDEXES);
    }

    /// The schema of the first migration, with the tables that the projection of then made.
    private static void asItWasBefore() throws Exception {
        Flyway.configure()
                .dataSource(ProjectionFixture.owner())
                .schemas(ReadSchema.NAME)
                .locations(ReadSchema.MIGRATIONS)
                .target("1")
                .load()
                .migrate();
        ProjectionFixture.execute(
                """
                SET ROLE headwater_projection;
                CREATE TABLE read.record_m (
                    "_id" text COLLATE "C" PRIMARY KEY, "_revision" bigint NOT NULL, "_position" bigint NOT NULL,
                    "_model_version" integer NOT NULL, "_created_at" timestamptz NOT NULL, "_updated_at" timestamptz NOT NULL,
                    "n" bigint, "s" text COLLATE "C") WITH (fillfactor = 90);
                GRANT SELECT ON read.record_m TO read_reader;
                CREATE INDEX "ix_m.n" ON read.record_m ("n", "_id");
                CREATE INDEX "ix_m.s" ON read.record_m ("s", "_id");
                INSERT INTO read.record_m VALUES ('a', 1, 2, 1, '2026-01-31 10:00:00.002123Z', '2026-01-31 10:00:00.002123Z', 1, 'Á');
                INSERT INTO read.model VALUES ('m', 1);
                INSERT INTO read.model_version VALUES ('m', 1, '%s', 1, '2026-01-31 10:00:00.001123Z');
                UPDATE read.checkpoint SET epoch = '%s', position = 2;
                """
                        .formatted(MODEL, TestLog.EPOCH));
    }
}
