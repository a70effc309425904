package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import io.headwater.query.api.Platform.Answer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What is put beside a record is what a request for it by itself would answer, in one statement.
class ExpandTest {
    private static final Platform platform = Platform.get();
    private static final Atlas atlas = new Atlas(platform, "ex_");
    private static String before = "";

    @BeforeAll
    static void fill() throws SQLException {
        before = atlas.fill();
        atlas.put("country", "NZ", "{\"name\":\"Aotearoa\",\"continent\":\"OC\"}");
        atlas.delete("runway", "07C");
        for (int i = 0; i < 120; i++) {
            atlas.put("runway", "n%03d".formatted(i), "{\"airport\":\"NIL\",\"length\":" + i + "}");
        }
        atlas.project();
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    @Test
    void theReferredRecordStandsBesideAtEveryLevel() {
        Answer answer = get("/ex_airport/AKL?expand=country.continent,alternate");
        JsonNode expanded = answer.json().get("expanded");
        JsonNode country = expanded.get("country");
        assertThat(country.at("/expanded/continent")).isEqualTo(get("/ex_continent/OC").json());
        assertThat(without(country)).isEqualTo(get("/ex_country/NZ").json());
        assertThat(expanded.has("alternate")).isFalse();
        assertThat(without(answer.json())).isEqualTo(get("/ex_airport/AKL").json());
    }

    @Test
    void everyTypeOfFieldIsWrittenTheSameWay() {
        for (String id : List.of("AKL", "WLG", "FRA", "NIL", "ZZZ")) {
            Answer lounge = get("/ex_airport/WLG?expand=alternate");
            assertThat(lounge.json().at("/expanded/alternate"))
                    .isEqualTo(get("/ex_airport/AKL").json());
            JsonNode all = get("/ex_country/NZ?expand=ex_airport").json();
            all.at("/expanded/ex_airport/items")
                    .forEach(item ->
                            assertThat(item)
                                    .isEqualTo(
                                            get("/ex_airport/" + item.get("id").stringValue())
                                                    .json()));
            assertThat(get("/ex_airport/" + id + "?expand=country").status()).isEqualTo(200);
        }
    }

    @Test
    void thoseThatReferToARecordStandBesideInTheOrderOfTheirIds() {
        JsonNode germany =
                get("/ex_country/DE?expand=ex_airport.ex_runway&asOf=" + before)
                        .json()
                        .at("/expanded/ex_airport");
        assertThat(ids(germany)).containsExactly("FRA");
        assertThat(ids(germany.at("/items/0/expanded/ex_runway"))).containsExactly("07C", "18");
        assertThat(germany.has("more")).isFalse();
        assertThat(ids(get("/ex_airport/FRA?expand=ex_runway").json().at("/expanded/ex_runway")))
                .containsExactly("18");
        assertThat(get("/ex_airport/ZZZ?expand=ex_runway").json().at("/expanded/ex_runway"))
                .isEqualTo(Json.mapper().readTree("{\"items\":[]}"));
    }

    @Test
    void wherePartsOfManyAreLeftOutItIsSaid() {
        JsonNode runways = get("/ex_airport/NIL?expand=ex_runway").json().at("/expanded/ex_runway");
        assertThat(ids(runways)).hasSize(100).startsWith("n000").endsWith("n099");
        assertThat(runways.get("more").booleanValue()).isTrue();
        JsonNode beneath =
                get("/ex_country/XX?expand=ex_airport.ex_runway")
                        .json()
                        .at("/expanded/ex_airport/items/0/expanded/ex_runway");
        assertThat(ids(beneath)).hasSize(10);
        assertThat(beneath.get("more").booleanValue()).isTrue();
    }

    @Test
    void twoReferencesOfOneModelAreToldApart() {
        JsonNode airport =
                get("/ex_airport/WLG?expand=ex_lounge:near,ex_lounge:at.at,ex_airport").json();
        assertThat(ids(airport.at("/expanded/ex_lounge:near"))).containsExactly("L1");
        assertThat(ids(airport.at("/expanded/ex_lounge:at"))).isEmpty();
        assertThat(ids(airport.at("/expanded/ex_airport"))).isEmpty();
    }

    @Test
    void aListAndAQueryExpandAsOneRecordDoes() {
        JsonNode list =
                get("?asOf="
                                + before
                                + "&expand=country.continent,ex_runway&sort=-country.name&fields=name")
                        .json();
        JsonNode query =
                platform.post(
                                "/records/ex_airport/query",
                                """
                                {"expand":["country.continent","ex_runway"],"sort":["-country.name"],"fields":["name"],"asOf":"%s"}
                                """
                                        .formatted(before))
                        .json();
        assertThat(query).isEqualTo(list);
        assertThat(list.get("items")).hasSize(5);
        list.get("items")
                .forEach(item ->
                        assertThat(item.get("expanded"))
                                .isEqualTo(
                                        get("/ex_airport/"
                                                        + item.get("id").stringValue()
                                                        + "?expand=country.continent,ex_runway&asOf="
                                                        + before)
                                                .json()
                                                .get("expanded")));
        assertThat(get("?expand=country&page%5Bsize%5D=1&sort=-@id").json().at("/items/0/expanded"))
                .isEmpty();
    }

    @Test
    void theRecordsBesideAreOfTheSameMoment() {
        assertThat(name("/ex_airport/AKL?expand=country")).isEqualTo("Aotearoa");
        assertThat(name("/ex_airport/AKL?expand=country&asOf=" + before)).isEqualTo("New Zealand");
        assertThat(name("/ex_airport/AKL?expand=country&validAt=2026-03-01T10:00:20Z"))
                .isEqualTo("New Zealand");
    }

    private static String name(String path) {
        return get(path).json().at("/expanded/country/fields/name").stringValue();
    }

    @Test
    void itIsOneStatementWhateverIsExpanded() {
        for (String path :
                List.of(
                        "/ex_airport/AKL?expand=country.continent,ex_runway",
                        "/ex_country/NZ?expand=ex_airport.ex_runway,continent",
                        "/ex_airport?expand=country.continent,alternate.ex_runway&sort=country.name")) {
            get(path);
            assertThat(platform.statements().during(() -> get(path))).as(path).hasSize(1);
        }
    }

    @Test
    void theRevisionIsNoTagOfWhatStandsBeside() {
        Answer answer =
                platform.get("/records/ex_airport/AKL?expand=country", "If-None-Match", "\"1\"");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("ETag")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    expand=nope                        | unknown-expansion | no model of that name
                    expand=name                        | unknown-expansion | only a reference
                    expand=                            | unknown-expansion | ex_airport
                    expand=country.nope                | unknown-expansion | ex_country
                    expand=ex_lounge                   | unknown-expansion | ex_lounge:near
                    expand=ex_lounge:nope              | unknown-expansion | ex_lounge:near
                    expand=ex_country                  | unknown-expansion | no reference to ex_airport
                    expand=a.b.c.d.e                   | bound             | 4 levels
                    expand=a,b,c,d,e,f,g,h,i,j,k       | bound             | 10
                    expand=alternate.alternate.alternate.alternate,country.continent,ex_runway,a,b,c,d | bound | 10
                    """)
    void whatCannotBeExpandedIsNamed(String parameter, String code, String detail) {
        for (String path : List.of("/ex_airport/AKL?", "/ex_airport?")) {
            Answer answer = platform.get("/records" + path + parameter);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/code").stringValue()).isEqualTo(code);
            assertThat(answer.json().at("/errors/0/detail").stringValue()).contains(detail);
            assertThat(answer.json().at("/errors/0/parameter").stringValue()).isEqualTo("expand");
        }
    }

    private static Answer get(String path) {
        Answer answer =
                platform.get("/records" + (path.startsWith("?") ? "/ex_airport" + path : path));
        assertThat(answer.status()).as(path + " " + answer.body()).isEqualTo(200);
        return answer;
    }

    private static JsonNode without(JsonNode record) {
        var copy = (tools.jackson.databind.node.ObjectNode) record.deepCopy();
        copy.remove("expanded");
        return copy;
    }

    private static List<String> ids(JsonNode list) {
        return list.get("items").valueStream().map(item -> item.get("id").stringValue()).toList();
    }
}
