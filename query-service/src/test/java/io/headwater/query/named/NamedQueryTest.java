package io.headwater.query.named;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryEvent.QueryDefined;
import io.headwater.contract.QueryEvent.QueryRetired;
import io.headwater.contract.QueryName;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.query.api.Platform;
import io.headwater.query.api.Platform.Answer;
import io.headwater.query.rows.ReadTables.Logged;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Named queries over HTTP, defined by their events.
class NamedQueryTest {
    private static final Platform platform = Platform.get();
    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final String SIZED =
            """
            {"model": "named", "description": "By size",
             "parameters": {"min": {"type": "integer", "required": true, "min": 0}, "max": {"type": "integer"},
                            "key": {"type": "text"}, "names": {"type": "list", "items": {"type": "text"}}},
             "query": {"filter": {"and": [{"field": "n", "op": "gte", "value": {"$param": "min"}},
                                          {"field": "n", "op": "lte", "value": {"$param": "max"}},
                                          {"field": "key", "op": "eq", "value": {"$param": "key"}},
                                          {"field": "name", "op": "in", "value": {"$param": "names"}}]},
                       "sort": ["-n"], "fields": ["name", "n"]}}
            """;
    private static long position = 2000;

    @BeforeAll
    static void fill() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, position);
        List<LogEvent> events = new ArrayList<>();
        events.add(
                new ModelDefined(
                        new ModelName("named"),
                        1,
                        Platform.definition(
                                "{\"fields\": {\"name\": {\"type\": \"text\"}, \"n\": {\"type\": \"integer\"}, \"key\": {\"type\": \"uuid\"}}}")));
        for (int n = 0; n < 20; n++) {
            events.add(
                    new RecordCreated(
                            new RecordRef(new ModelName("named"), new RecordId("r" + n)),
                            1,
                            1,
                            (ObjectNode)
                                    Json.mapper()
                                            .readTree(
                                                    "{\"name\": \"name %d\", \"n\": %d}"
                                                            .formatted(n, n)),
                            null));
        }
        events.add(new QueryDefined(new QueryName("sized"), 1, definition(SIZED)));
        events.add(
                new QueryDefined(new QueryName("sized"), 2, definition(SIZED.replace("-n", "n"))));
        events.add(new QueryDefined(new QueryName("gone"), 1, definition(SIZED)));
        events.add(new QueryRetired(new QueryName("gone"), 2));
        project(events);
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    private static void project(List<LogEvent> events) throws SQLException {
        List<Logged> logged = new ArrayList<>();
        for (var event : events) {
            logged.add(new Logged(++position, TIME.plusSeconds(position), event));
        }
        platform.tables().project(Platform.EPOCH, logged);
        platform.replicate();
    }

    private static QueryDefinition definition(String json) {
        return Objects.requireNonNull(
                QueryDefinition.read(Json.mapper().readTree(json), new Faults()));
    }

    @Test
    void parametersTakeTheirPlaceAndWhatIsNotGivenIsLeftOut() {
        assertThat(ids(platform.get("/queries/sized?min=17"))).containsExactly("r17", "r18", "r19");
        assertThat(ids(platform.get("/queries/sized?min=5&max=6"))).containsExactly("r5", "r6");
        assertThat(
                        ids(
                                platform.get(
                                        "/queries/sized?min=5&names=%5B%22name%209%22,%22name%204%22%5D")))
                .containsExactly("r9");
        assertThat(platform.get("/queries/sized?min=19").json().at("/items/0/fields").toString())
                .isEqualTo("{\"name\":\"name 19\",\"n\":19}");
    }

    @Test
    void anEarlierVersionIsRunAsItWas() {
        assertThat(ids(platform.get("/queries/sized?min=17&version=1")))
                .containsExactly("r19", "r18", "r17");
        assertThat(platform.get("/queries/sized?min=1&version=99").problem())
                .isEqualTo("unknown-version");
    }

    @Test
    void pagesFollowEachOtherInOneVersion() throws SQLException {
        List<String> ids = new ArrayList<>();
        String path = "/queries/sized?min=3&page%5Bsize%5D=4";
        while (path != null) {
            Answer page = platform.get(path);
            ids.addAll(ids(page));
            String link = page.header("Link");
            path = link.isEmpty() ? null : link.substring(1, link.indexOf('>'));
            if (ids.size() == 4) {
                project(
                        List.of(
                                new QueryDefined(
                                        new QueryName("sized"),
                                        3,
                                        definition(SIZED.replace("-n", "-@id")))));
            }
        }
        assertThat(ids).hasSize(17).startsWith("r3", "r4").endsWith("r19").doesNotHaveDuplicates();
        project(
                List.of(
                        new QueryDefined(
                                new QueryName("sized"), 4, definition(SIZED.replace("-n", "n")))));
    }

    @Test
    void anotherMomentIsAskedAsOfALists() {
        String then = "asOf=" + Platform.EPOCH + ".2005";
        assertThat(ids(platform.get("/queries/sized?min=0&" + then)))
                .containsExactly("r0", "r1", "r2", "r3");
    }

    @Test
    void theWholeAnswerIsExported() {
        Answer csv = platform.get("/queries/sized.csv?min=18");
        assertThat(csv.body().lines().map(line -> line.split(",", 2)[0]))
                .containsExactly("@id", "r18", "r19");
        assertThat(csv.header("Content-Disposition")).contains("sized.csv");
        assertThat(platform.get("/queries/sized.ndjson?min=0").body().lines()).hasSize(20);
        assertThat(platform.get("/queries/sized.csv?min=1&page%5Bsize%5D=2").problem())
                .isEqualTo("invalid-query");
    }

    @ParameterizedTest
    @CsvSource({
        "'', min, required",
        "min=x, min, type",
        "min=-1, min, min",
        "min=1&min=2, min, repeated",
        "min=1&other=2, other, unknown-parameter",
        "min=1&key=nokey, key, type",
        "min=1&names=a, names, type",
        "min=1&page%5Bsize%5D=0, page[size], bound",
        "min=1&page%5Bafter%5D=x, page[after], cursor",
        "min=1&asOf=x, asOf, time",
        "min=1&version=x, version, bound",
    })
    void aParameterThatDoesNotFitIsNamed(String query, String parameter, String code) {
        Answer answer = platform.get("/queries/sized?" + query);
        assertThat(answer.problem()).isEqualTo("invalid-query");
        assertThat(answer.json().at("/errors/0/parameter").asString())
                .as(answer.body())
                .isEqualTo(parameter);
        assertThat(answer.json().at("/errors/0/code").asString()).as(answer.body()).isEqualTo(code);
    }

    @Test
    void whichThereAreIsTold() {
        Answer list = platform.get("/queries?page%5Bsize%5D=1");
        assertThat(list.json().at("/items/0/name").asString()).isEqualTo("gone");
        assertThat(list.json().at("/items/0/retired").asBoolean()).isTrue();
        assertThat(list.header("Link")).contains("after%5D=gone");
        Answer definition = platform.get("/queries/sized/definition?version=1");
        assertThat(definition.json().get("definition"))
                .hasToString(definition(SIZED).toJson().toString());
        assertThat(definition.json().path("version").asInt()).isEqualTo(1);
        assertThat(platform.get("/queries/gone?min=1").problem()).isEqualTo("query-retired");
        assertThat(platform.get("/queries/none?min=1").problem()).isEqualTo("unknown-query");
        assertThat(platform.get("/queries/gone/definition").json().path("retired").asBoolean())
                .isTrue();
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("items").findValuesAsString("id");
    }
}
