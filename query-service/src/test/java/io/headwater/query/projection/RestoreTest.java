package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The database was restored to an earlier point, tables and log alike; the topic still has what
/// came later.
class RestoreTest {
    private static final String MODEL = "{\"fields\": {\"name\": {\"type\": \"text\"}}}";

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();

    @Test
    void whatTheRestoreUndidIsNotApplied() throws Exception {
        projectUpTo(2);
        // published, but gone from the log
        fixture.log().append(created("m", "b", "{}"), created("m", "c", "{}"));

        beginLine("0000beef", 2);
        fixture.log().rewind("0000beef", 2);
        fixture.log().append(created("m", "d", "{}"));
        fixture.startProjection("one");

        fixture.readModel().await(3);
        assertThat(records()).isEqualTo("a,d");
        assertThat(fixture.readModel().one("SELECT epoch FROM read.checkpoint"))
                .isEqualTo("0000beef");
    }

    @Test
    void aRestoreBeforeAnEarlierRestoreLeavesThatOneOut() throws Exception {
        projectUpTo(3);
        fixture.log().rewind("0000beef", 2);
        fixture.log().append(created("m", "x", "{}"), created("m", "y", "{}"));

        // to a time before the first restore: its line is not in this log, position 3 is
        beginLine("0000cafe", 3);
        fixture.log().rewind("0000cafe", 2);
        fixture.log().append(created("m", "b", "{}"), created("m", "d", "{}"));
        fixture.startProjection("one");

        fixture.readModel().await(4);
        assertThat(records()).isEqualTo("a,b,d");
    }

    @Test
    void aRebuildLeavesOutWhatWasUndone() throws Exception {
        projectUpTo(3);
        beginLine("0000beef", 2);
        fixture.log().rewind("0000beef", 2);
        fixture.log().append(created("m", "d", "{}"));
        ProjectionFixture.dropSchemas();

        fixture.startProjection("one");

        fixture.readModel().await(3);
        assertThat(records()).isEqualTo("a,d");
    }

    private void projectUpTo(long position) throws Exception {
        fixture.log().append(defined("m", 1, MODEL));
        fixture.log().append(created("m", "a", "{}"));
        if (position == 3) {
            fixture.log().append(created("m", "b", "{}"));
        }
        var projection = fixture.startProjection("one");
        fixture.readModel().await(position);
        projection.stop();
    }

    private static void beginLine(String epoch, long after) throws SQLException {
        ProjectionFixture.execute(
                "INSERT INTO log.epoch (epoch, after_position) VALUES ('%s', %d)"
                        .formatted(epoch, after));
    }

    private Object records() throws SQLException {
        return fixture.readModel()
                .one("SELECT string_agg(_id, ',' ORDER BY _id) FROM read.record_m");
    }
}
