package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The whole service as a process, over HTTP.
class QueryServiceApplicationTest {
    private static final String ADMIN = ServiceProcess.token("read model-admin");
    private static final String READER = ServiceProcess.token("read");

    @RegisterExtension final ProjectionFixture fixture = new ProjectionFixture();
    @TempDir Path folder;

    @Test
    void projectionsAreShownRebuiltAndResumedByThoseWhoMay() throws Exception {
        fixture.log().append(defined("customer", 1, "{\"fields\":{\"name\":{\"type\":\"text\"}}}"));
        fixture.log().append(created("customer", "ada", "{\"name\":\"Ada\"}"));
        try (var service = ServiceProcess.start("query", folder)) {
            service.awaitReady();
            fixture.readModel().await(2);

            assertThat(service.get("/projections", "").statusCode()).isEqualTo(401);
            var unauthenticated = service.get("/projections", "nonsense");
            assertThat(unauthenticated.statusCode()).isEqualTo(401);
            assertThat(unauthenticated.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(
                            type -> assertThat(type).startsWith("application/problem+json"));
            assertThat(unauthenticated.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(unauthenticated.body())
                    .contains("https://headwater.io/problems/unauthenticated");
            var forbidden = service.post("/projections/rebuild", READER);
            assertThat(forbidden.statusCode()).isEqualTo(403);
            assertThat(forbidden.body()).contains("https://headwater.io/problems/forbidden");

            var shown = Json.mapper().readTree(service.get("/projections", READER).body());
            assertThat(shown.get(0).get("name").stringValue()).isEqualTo("records");
            assertThat(shown.get(0).get("state").stringValue()).isEqualTo("projecting");
            assertThat(shown.get(0).get("position").longValue()).isEqualTo(2);

            assertThat(service.post("/projections/resume", ADMIN).statusCode()).isEqualTo(409);
            assertThat(service.delete("/projections/rebuild", ADMIN).statusCode()).isEqualTo(409);
            var rebuild = service.post("/projections/rebuild", ADMIN);
            assertThat(rebuild.statusCode()).isEqualTo(202);
            Awaitility.await()
                    .atMost(ProjectionFixture.PATIENCE)
                    .until(() ->
                            Json.mapper()
                                            .readTree(service.get("/projections", READER).body())
                                            .size()
                                    == 1);
            assertThat(fixture.readModel().one("SELECT name FROM read.record_customer"))
                    .isEqualTo("Ada");

            assertThat(service.get("/actuator/health", "").body())
                    .contains("\"projection\"")
                    .contains("\"readSchema\"");
            assertThat(service.get("/actuator/prometheus", "").body())
                    .contains("headwater_projection_position{projection=\"records\"} 2.0")
                    .contains("headwater_projection_lag_events")
                    .contains("headwater_projection_batch_seconds_count");
            service.stop();
        }
    }
}
