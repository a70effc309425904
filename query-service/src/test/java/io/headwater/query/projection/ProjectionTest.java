package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.changed;
import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static io.headwater.query.projection.TestEvents.deleted;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The projection on real PostgreSQL and Kafka.
class ProjectionTest {
    private static final String CUSTOMER =
            """
            {"fields": {"name": {"type": "text", "required": true}}}\
            """;

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    @Test
    void aModelAndARecordShowOnTheStandby() throws Exception {
        fixture.startProjection("one");
        fixture.log().append(defined("customer", 1, CUSTOMER));
        fixture.log().append(created("customer", "ada", "{\"name\":\"Ada\"}"));

        fixture.readModelOnStandby().await(2);
        assertThat(fixture.readModelOnStandby().rows("SELECT * FROM read.record_customer"))
                .singleElement()
                .satisfies(row ->
                        assertThat(row)
                                .containsEntry("_id", "ada")
                                .containsEntry("_revision", 1L)
                                .containsEntry("_position", 2L)
                                .containsEntry("name", "Ada"));
    }

    @Test
    void createsChangesAndDeletesOfOneBatchAreAppliedInTheirOrder() throws Exception {
        fixture.log().append(defined("customer", 1, CUSTOMER));
        fixture.log()
                .append(
                        created("customer", "gone", "{\"name\":\"1\"}"),
                        created("customer", "again", "{\"name\":\"1\"}"));
        fixture.startProjection("one");
        fixture.readModel().await(3);
        fixture.log()
                .append(
                        changed("customer", "gone", 2, "{\"name\":\"2\"}"),
                        deleted("customer", "gone", 3),
                        deleted("customer", "again", 2),
                        created("customer", "again", 3, "{\"name\":\"3\"}"),
                        changed("customer", "again", 4, "{\"name\":\"4\"}"),
                        created("customer", "brief", "{\"name\":\"1\"}"),
                        deleted("customer", "brief", 2),
                        created("customer", "new", "{\"name\":\"1\"}"),
                        changed("customer", "new", 2, "{\"name\":\"2\"}"));

        fixture.readModel().await(12);
        assertThat(
                        fixture.readModel()
                                .rows(
                                        "SELECT _id, _revision, _position, name FROM read.record_customer ORDER BY _id"))
                .extracting(row -> row.values().toString())
                .containsExactly("[again, 4, 8, 4]", "[new, 2, 12, 2]");
        assertThat(
                        fixture.readModel()
                                .one(
                                        "SELECT _created_at = ? AND _updated_at = ? FROM read.record_customer WHERE _id = 'again'",
                                        TestLog.timeOf(7).atOffset(java.time.ZoneOffset.UTC),
                                        TestLog.timeOf(8).atOffset(java.time.ZoneOffset.UTC)))
                .isEqualTo(true);
    }
}
