package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.query.api.Platform.Answer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Filters and sorts through references, into json values, and on lists.
class ReferencesTest {
    private static final Platform platform = Platform.get();
    private static final Atlas atlas = new Atlas(platform, "ref_");
    private static String before = "";

    @BeforeAll
    static void fill() throws SQLException {
        before = atlas.fill();
        // Germany moves, and New Zealand goes.
        atlas.put("country", "DE", "{\"name\":\"Deutschland\",\"people\":84,\"continent\":\"OC\"}");
        atlas.delete("country", "NZ");
        atlas.put("airport", "FRA", "{\"name\":\"Frankfurt\",\"country\":\"DE\"}");
        atlas.project();
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    filter[country.continent][eq]=OC             | AKL WLG
                    filter[country.continent][ne]=OC             | FRA NIL ZZZ
                    filter[country.continent][null]=true         | NIL ZZZ
                    filter[country.continent.name][eq]=Europe    | FRA
                    filter[country.continent.name][starts]=O     | AKL WLG
                    filter[country.continent.@id][in]=EU,OC      | AKL FRA WLG
                    filter[country.people][gte]=5                | AKL FRA WLG
                    filter[country.people][lt]=84                | AKL WLG
                    filter[country.@revision][eq]=1              | AKL FRA NIL WLG
                    filter[alternate.country.continent.name][eq]=Oceania | WLG
                    filter[alternate.city][null]=false           | WLG
                    filter[country.continent][eq]=OC&filter[country.people][eq]=5&filter[kind][eq]=large | AKL
                    filter[country.facts.drives][eq]=left        | AKL WLG
                    sort=country.name,-name                      | FRA WLG AKL NIL ZZZ
                    sort=-country.continent.name,@id             | NIL ZZZ AKL WLG FRA
                    filter[address.city][eq]=Rongotai            | WLG
                    filter[address.city][ne]=Rongotai            | AKL FRA NIL ZZZ
                    filter[address.city][null]=true              | NIL ZZZ
                    filter[address.city.name][eq]=Frankfurt      | FRA
                    filter[address.none][null]=true              | AKL FRA NIL WLG ZZZ
                    filter[address.zip][eq]=6022                 | WLG
                    filter[address.zip][eq]="2022"               | AKL
                    filter[address.zip][in]="2022",6022          | AKL WLG
                    filter[address.zip][gte]="2022"              | AKL FRA
                    filter[address.floor][gt]=3                  | WLG
                    filter[address.floor][lte]=12.0              | AKL WLG
                    filter[address.geo.lat][lt]=-40              | WLG
                    filter[address.open][eq]=true                | AKL
                    filter[address.open][ne]=true                | FRA NIL WLG ZZZ
                    filter[address.lines.1][eq]=b                | AKL
                    filter[address.city][contains]=NGOT          | WLG
                    filter[address.city][starts]=Rong            | WLG
                    filter[tags][any]=hub,nothing                | AKL FRA
                    filter[tags][all]=hub,sea                    | AKL
                    filter[tags][contains]=sea                   | AKL WLG
                    filter[fees][any]=2.5                        | AKL
                    """)
    void aQueryLooksAtWhatItNames(String parameters, String ids) {
        Answer answer = list(parameters + "&asOf=" + before);
        assertThat(ids(answer)).as(answer.body()).containsExactly(ids.split(" ", -1));
        Answer paged = list(parameters + "&page[size]=1&asOf=" + before);
        for (String id : ids.split(" ", -1)) {
            assertThat(ids(paged)).containsExactly(id);
            String next = paged.json().path("next").asString(null);
            paged =
                    next == null
                            ? paged
                            : list(
                                    parameters
                                            + "&page[size]=1&asOf="
                                            + before
                                            + "&page[after]="
                                            + next);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    filter[country.continent][eq]=OC     | FRA
                    filter[country.name][null]=true      | AKL WLG ZZZ
                    filter[country.continent][eq]=EU     |
                    sort=-country.name                   | ZZZ WLG AKL NIL FRA
                    filter[country.continent.name][contains]=ania&validAt=2026-03-01T12:00:00Z | FRA
                    """)
    void referredRecordsAreOfTheSameMoment(String parameters, String ids) {
        Answer answer = list(parameters);
        assertThat(ids(answer))
                .as(answer.body())
                .containsExactly(ids == null ? new String[0] : ids.split(" ", -1));
    }

    @Test
    void theFilterTreeTakesTheSameNames() {
        Answer answer =
                platform.post(
                        "/records/ref_airport/query",
                        """
                        {"filter":{"or":[{"field":"country.name","op":"eq","value":"Nowhere"},
                                         {"not":{"field":"address.floor","op":"null","value":true}},
                                         {"field":"tags","op":"all","value":["sea","sea"]}]},
                         "sort":["country.people","-name"],"asOf":"%s"}
                        """
                                .formatted(before));
        assertThat(ids(answer)).containsExactly("WLG", "AKL", "NIL");
    }

    @Test
    void aNumberInJsonIsNoText() {
        for (String value : List.of("\"6022\"", "true", "6022")) {
            Answer answer =
                    platform.post(
                            "/records/ref_airport/query",
                            """
                            {"filter":{"field":"address.zip","op":"eq","value":%s}}
                            """
                                    .formatted(value));
            assertThat(ids(answer)).hasSize(value.equals("6022") ? 1 : 0);
        }
    }

    @Test
    void itIsOneStatement() {
        String path =
                "/records/ref_airport?filter%5Bcountry.continent.name%5D%5Bne%5D=x&sort=alternate.name";
        platform.get(path);
        List<String> statements = platform.statements().during(() -> platform.get(path));
        assertThat(statements).hasSize(1);
        assertThat(statements.getFirst()).contains("record_ref_continent");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    filter[country.nope][eq]=1              | unknown-field    | ref_country
                    filter[nope.name][eq]=1                 | unknown-field    | ref_airport
                    filter[name.x][eq]=1                    | unknown-field    | text
                    filter[country.][eq]=1                  | unknown-field    | ref_country
                    filter[address.][eq]=1                  | unknown-field    | member
                    filter[address.a..b][eq]=1              | unknown-field    | member
                    filter[address.a.b.c.d.e.f.g.h.i][eq]=1 | bound            | 8
                    filter[alternate.alternate.alternate.alternate.alternate.name][eq]=1 | bound | 4
                    filter[country.people][eq]=x            | type             | whole
                    filter[country][contains]=x             | unknown-operator | reference
                    filter[address.floor][gt]=true          | type             | number
                    filter[address.floor][eq]={}            | type             | number
                    filter[address.floor][any]=1            | unknown-operator | starts
                    filter[name][any]=1                     | unknown-operator | starts
                    sort=address.city                       | unsortable       | json
                    sort=country.name,country.name          | repeated         | twice
                    """)
    void aPathThatLeadsNowhereIsNamed(String parameters, String code, String detail) {
        Answer answer = list(parameters);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/code").stringValue()).isEqualTo(code);
        assertThat(answer.json().at("/errors/0/detail").stringValue()).contains(detail);
        assertThat(answer.json().at("/errors/0/parameter").stringValue())
                .isEqualTo(parameters.split("=", 2)[0]);
    }

    private static Answer list(String parameters) {
        return platform.get(
                "/records/ref_airport?"
                        + parameters
                                .strip()
                                .replace("[", "%5B")
                                .replace("]", "%5D")
                                .replace("\"", "%22")
                                .replace("{", "%7B")
                                .replace("}", "%7D"));
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json()
                .get("items")
                .valueStream()
                .map(item -> item.get("id").stringValue())
                .toList();
    }
}
