package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.changed;
import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static io.headwater.query.projection.TestEvents.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.EventType;
import io.headwater.contract.LogEvent;
import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.ProjectionStatus.State;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What cannot be applied stops the projection, aloud; nothing is skipped.
class AlarmTest {
    private static final String MODEL =
            """
            {"fields": {"name": {"type": "text"}, "n": {"type": "integer"}, "day": {"type": "date"},
                        "days": {"type": "list", "items": {"type": "date"}}}}\
            """;

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    private static Stream<Arguments> poison() {
        return Stream.of(
                Arguments.of(created("nobody", "a", "{}"), "the model nobody was never defined"),
                Arguments.of(created("m", "a", "{\"n\": \"1\"}"), "the field n is of type integer"),
                Arguments.of(created("m", "a", "{\"name\": 1}"), "the field name is of type text"),
                Arguments.of(
                        created("m", "a", "{\"days\": [1]}"), "the field days is of type list"),
                Arguments.of(
                        created("m", "a", "{\"day\": \"2026-02-30\"}"), "PostgreSQL refuses it"),
                Arguments.of(created("m", "a", "{\"name\": \"\\u0000\"}"), "PostgreSQL refuses it"),
                Arguments.of(
                        created("m", "a", "{\"other\": 1}"),
                        "it has a field that its model does not define"),
                Arguments.of(created("m", "there", "{}"), "the record exists already"),
                Arguments.of(
                        changed("m", "there", 3, "{}"),
                        "it makes revision 3, and the record is at revision 1"),
                Arguments.of(
                        changed("m", "nowhere", 2, "{}"),
                        "does not have the record at the revision"),
                Arguments.of(
                        deleted("m", "nowhere", 2), "does not have the record at the revision"),
                Arguments.of(defined("m", 1, MODEL), "makes version 1 of the model"),
                Arguments.of(
                        defined("m", 2, "{\"fields\": {\"n\": {\"type\": \"text\"}}}"),
                        "the field n was of type integer and becomes text"));
    }

    @ParameterizedTest
    @MethodSource("poison")
    void anEventThatCannotBeAppliedStopsTheProjectionBeforeIt(LogEvent event, String reason)
            throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        fixture.log()
                .append(
                        created("m", "there", "{}"),
                        created("m", "before", "{}"),
                        event,
                        created("m", "after", "{}"));
        var projection = fixture.startProjection("one");
        awaitAlarm(projection);

        assertThat(fixture.readModel().position()).isEqualTo(3);
        assertThat(fixture.readModel().one("SELECT alarm_position FROM read.checkpoint"))
                .isEqualTo(4L);
        assertThat((String) fixture.readModel().one("SELECT alarm FROM read.checkpoint"))
                .startsWith("Event 4 (" + EventType.of(event))
                .contains(reason)
                .contains("POST /projections/resume");
        assertThat(fixture.readModel().rows("SELECT _id FROM read.record_m ORDER BY _id"))
                .extracting(row -> row.get("_id"))
                .containsExactly("before", "there");
        assertThat(projection.status().snapshot().reason()).contains(reason);
    }

    @Test
    void anEventThatContradictsTheTablesStopsIt() throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        fixture.log().append(created("m", "there", "{}"));
        fixture.log().append(created("m", "there", "{}"));
        var projection = fixture.startProjection("one", 1);
        awaitAlarm(projection);
        assertThat(projection.status().snapshot().reason())
                .contains("PostgreSQL refuses it: ERROR: duplicate key value");
        assertThat(fixture.readModel().position()).isEqualTo(2);
    }

    @Test
    void onceTheCauseIsMendedAndTheAlarmLiftedItGoesOn() throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        fixture.log().append(created("m", "a", "{}"));
        var projection = fixture.startProjection("one");
        fixture.readModel().await(2);
        // somebody's hand in the tables
        try (var connection = ProjectionFixture.cluster().superuser();
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM read.record_m");
        }
        fixture.log().append(changed("m", "a", 2, "{\"n\": 2}"));
        awaitAlarm(projection);

        assertThat(administration(projection).resume()).isEqualTo(1);
        // not mended yet: it comes back
        Awaitility.await()
                .atMost(ProjectionFixture.PATIENCE)
                .until(() -> administration(projection).look().getFirst().alarm() != null);

        try (var connection = ProjectionFixture.cluster().superuser();
                var statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO read.record_m (_id, _revision, _position, _model_version, _created_at, _updated_at, _valid_from) VALUES ('a', 1, 2, 1, now(), now(), now())");
        }
        assertThat(administration(projection).resume()).isEqualTo(1);
        fixture.readModel().await(3);
        assertThat(fixture.readModel().one("SELECT n FROM read.record_m")).isEqualTo(2L);
        assertThat(administration(projection).look().getFirst().alarm()).isNull();
    }

    @Test
    void payloadsThatAreNoJsonAndTypesOfANewerVersionStopIt() throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        fixture.log().appendRaw(EventType.RECORD_CREATED, "m/a", "{\"model\":");
        var projection = fixture.startProjection("one");
        awaitAlarm(projection);
        assertThat(projection.status().snapshot().reason())
                .contains("The payload of a headwater.RecordCreated is no JSON");
    }

    @Test
    void anUnknownEventAboutARecordStopsIt() throws Exception {
        fixture.log().appendRaw("headwater.RecordMerged", "m/a", "{}");
        var projection = fixture.startProjection("one");
        awaitAlarm(projection);
        assertThat(projection.status().snapshot().reason())
                .contains("headwater.RecordMerged of m/a")
                .contains("this version does not know the type");
    }

    @Test
    void anUnknownEventAboutNoRecordIsPassedOver() throws Exception {
        fixture.log().appendRaw(EventType.COMMAND_ANSWERED, null, "{}");
        fixture.log().appendRaw(EventType.IMPORT_ADVANCED, null, "{}");
        fixture.log().appendRaw("headwater.SomethingNew", null, "not even JSON");
        fixture.startProjection("one");
        fixture.readModel().await(3);
    }

    @Test
    void aGapInTheLogStopsItAndWhatItHasAlreadyIsIgnored() throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        fixture.log().append(created("m", "a", "{}"));
        var projection = fixture.startProjection("one");
        fixture.readModel().await(2);
        fixture.log().appendAt(2, created("m", "a", "{}"));
        fixture.log().appendAt(3, created("m", "b", "{}"));
        fixture.readModel().await(3);

        fixture.log().appendAt(6, created("m", "c", "{}"));
        awaitAlarm(projection);
        assertThat(projection.status().snapshot().reason())
                .startsWith("headwater.log has no events 4 to 5: it goes on with 6");
        assertThat(fixture.readModel().position()).isEqualTo(3);
    }

    @Test
    void aNewEpochGoesOnWhereTheTablesEndOrElseStopsIt() throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        var projection = fixture.startProjection("one");
        fixture.log().beginEpoch("0000beef");
        fixture.log().append(created("m", "a", "{}"));
        fixture.readModel().await(2);
        assertThat(fixture.readModel().one("SELECT epoch FROM read.checkpoint"))
                .isEqualTo("0000beef");

        fixture.log().beginEpoch("0000cafe");
        fixture.log().appendAt(2, created("m", "other", "{}"));
        awaitAlarm(projection);
        assertThat(projection.status().snapshot().reason()).startsWith("The log went back");
    }

    @Test
    void aTopicThatWasMadeAnewIsReadByPositions() throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        for (int i = 0; i < 5; i++) {
            fixture.log().append(created("m", "a" + i, "{}"));
        }
        var projection = fixture.startProjection("one");
        fixture.readModel().await(6);
        projection.stop();

        // the relay publishes all of it anew, in one transaction: other offsets, the same positions
        ProjectionFixture.deleteTopic();
        fixture.log().createTopic();
        fixture.log().republish();
        fixture.log().append(created("m", "b", "{}"));
        fixture.startProjection("one");
        fixture.readModel().await(7);
        assertThat(fixture.readModel().one("SELECT count(*) FROM read.record_m")).isEqualTo(6L);
    }

    private ProjectionAdministration administration(ProjectionFixture.Running projection) {
        return new ProjectionAdministration(
                ProjectionFixture.projector(),
                ProjectionFixture.owner(),
                new SchemaMigration(ProjectionFixture.owner()),
                projection.status(),
                projection.status());
    }

    private static void awaitAlarm(ProjectionFixture.Running projection) {
        Awaitility.await()
                .atMost(ProjectionFixture.PATIENCE)
                .until(() -> projection.status().snapshot().state() == State.ALARMED);
    }
}
