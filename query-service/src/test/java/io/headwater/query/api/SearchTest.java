package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Json;
import io.headwater.query.api.Platform.Answer;
import io.headwater.query.tables.FoldedText;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Texts are found whatever their case and accents: by their words, the best first, and by parts.
class SearchTest {
    private static final Platform platform = Platform.get();
    private static final Atlas atlas = new Atlas(platform, "se_");
    private static String before = "";

    @BeforeAll
    static void fill() throws SQLException {
        atlas.define(
                "city",
                """
                {"name": {"type": "text", "search": "A", "maxLength": 100}, "code": {"type": "text", "indexed": true},
                 "about": {"type": "text", "search": true}, "note": {"type": "text"}}\
                """);
        atlas.define("plain", "{\"name\": {\"type\": \"text\"}}");
        put("koeln", "Köln", "Cologne", "Die Stadt am Rhein, mit dem Kölner Dom.");
        put("bonn", "Bonn", "BONN", "Bonn liegt bei Köln am Rhein. Köln ist grösser.");
        put("lodz", "Łódź", "Lodz", "A city in Poland, <b>known</b> for film & textiles");
        put("malaga", "MÁLAGA", "Málaga", "Sun, sea, foo.bar@example.com and 100%_of\\\\it");
        put("moskva", "Москва", "МОСКВА", "Столица России");
        put("long", "Long", "x", "word ".repeat(60) + "Rhein " + "word ".repeat(60));
        before = atlas.project();
        put("bonn", "Bonn", "BONN", "Nothing to see");
        atlas.delete("city", "malaga");
        atlas.project();
    }

    private static void put(String id, String name, String code, String about) {
        atlas.put(
                "city",
                id,
                Json.mapper()
                        .createObjectNode()
                        .put("name", name)
                        .put("code", code)
                        .put("about", about)
                        .put("note", about)
                        .toString());
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    koln              | koeln bonn
                    KÖLN rhein        | koeln bonn
                    rhein -dom        | bonn long
                    "am Rhein"        | bonn koeln
                    "Rhein am"        |
                    köl*              | koeln bonn
                    lodz              | lodz
                    ŁÓDŹ              | lodz
                    москва            | moskva
                    столица МОСКВА    | moskva
                    bar@example       | malaga
                    "bar example"     | malaga
                    malaga & !        | malaga
                    known             | lodz
                    'x' & !'y' (z)    |
                    """)
    void wordsAreFoundAndTheBestIsFirst(String words, String ids) {
        Answer answer = list("search", words, "asOf", before);
        List<String> expected = ids == null ? List.of() : List.of(ids.split(" ", -1));
        assertThat(ids(answer)).as(answer.body()).containsExactlyInAnyOrderElementsOf(expected);
        List<Double> ranks =
                answer.json()
                        .get("items")
                        .valueStream()
                        .map(item -> Double.valueOf(item.at("/search/rank").stringValue()))
                        .toList();
        assertThat(ranks).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        if (words.startsWith("ko")) {
            assertThat(ids(answer)).containsExactly("koeln", "bonn");
        }
        Answer document =
                platform.post(
                        "/records/se_city/query",
                        Json.mapper()
                                .createObjectNode()
                                .put("search", words)
                                .put("asOf", before)
                                .toString());
        assertThat(document.json()).isEqualTo(answer.json());
    }

    @Test
    void whatIsFoundIsShown() {
        JsonNode koeln =
                list("search", "koln dom rhein", "asOf", before).json().at("/items/0/search");
        assertThat(koeln.at("/highlights/name").stringValue()).isEqualTo("<em>Köln</em>");
        assertThat(koeln.at("/highlights/about").stringValue())
                .isEqualTo("Die Stadt am <em>Rhein</em>, mit dem Kölner <em>Dom</em>.");
        assertThat(highlight("search", "KNOWN"))
                .isEqualTo(
                        "A city in Poland, &lt;b&gt;<em>known</em>&lt;/b&gt; for film &amp; textiles");
        String cut = highlight("search", "rhein word", "filter[name][eq]", "Long");
        assertThat(cut).startsWith("<em>word</em> <em>word</em>").endsWith("…");
        String around = highlight("search", "rhein", "filter[name][eq]", "Long");
        assertThat(around).startsWith("…").contains("word <em>Rhein</em> word").endsWith("…");
        assertThat(around.length()).isLessThan(270);
        assertThat(
                        list("search", "rhein", "fields", "code")
                                .json()
                                .at("/items/0/search/highlights"))
                .isEmpty();
    }

    private static String highlight(String... parameters) {
        return list(parameters).json().at("/items/0/search/highlights/about").stringValue();
    }

    @Test
    void aSearchGoesWithFiltersSortsPagesAndMoments() {
        assertThat(ids(list("search", "rhein"))).containsExactlyInAnyOrder("koeln", "long");
        assertThat(ids(list("search", "rhein", "asOf", before, "sort", "-name")))
                .containsExactly("long", "koeln", "bonn");
        assertThat(ids(list("search", "rhein", "asOf", before, "filter[code][eq]", "BONN")))
                .containsExactly("bonn");
        assertThat(ids(list("search", "rhein", "filter[@rank][lt]", "0.00001"))).isEmpty();
        Answer page = list("search", "rhein", "asOf", before, "page[size]", "1");
        List<String> whole = ids(list("search", "rhein", "asOf", before));
        for (String id : whole) {
            assertThat(ids(page)).containsExactly(id);
            String next = page.json().path("next").asString(null);
            if (next != null) {
                page =
                        list(
                                "search",
                                "rhein",
                                "asOf",
                                before,
                                "page[size]",
                                "1",
                                "page[after]",
                                next);
            }
        }
        assertThat(list("search", "dom", "page[size]", "1", "page[after]", "x").status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    name | contains | OLN         | koeln
                    name | contains | Ö           | bonn koeln lodz long
                    name | contains | ódź         | lodz
                    name | contains | ОСКВ        | moskva
                    name | starts   | kö          | koeln
                    name | starts   | MA          | malaga
                    code | starts   | malag       | malaga
                    code | starts   | москва      | moskva
                    code | contains | onn         | bonn
                    about | contains | 100%_O     | malaga
                    about | contains | 100_       |
                    about | contains | \\IT       | malaga
                    about | starts   | DIE STADT  | koeln
                    note | contains | RHEIN.      | bonn
                    """)
    void caseAndAccentsDoNotCount(String field, String operator, String value, String ids) {
        Answer answer =
                list("filter[" + field + "][" + operator + "]", value.strip(), "asOf", before);
        assertThat(ids(answer))
                .as(answer.body())
                .containsExactly(ids == null ? new String[0] : ids.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    se_city?search=                | search
                    se_city?search=-only           | search
                    se_city?search=%21%22          | search
                    se_city?search=a&search=b      | repeated
                    se_plain?search=a              | unsearchable
                    se_city?sort=@rank             | unknown-field
                    se_city?search=a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q | bound
                    """)
    void aSearchThatIsNoneIsNamed(String path, String code) {
        Answer answer = platform.get("/records/" + path);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/errors/0/code").stringValue()).isEqualTo(code);
    }

    @Test
    void textsAreFoldedHereAsInTheDatabase() throws SQLException {
        try (Connection connection = platform.standby("headwater_query").getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT read.fold(?)")) {
            for (String text :
                    List.of(
                            "",
                            "Ünïcödé",
                            "e\u0301A\u030A",
                            "Straße ẞ ŒÆ Þór Đ ı İ",
                            "ΆΈΉ ΟΔΟΣ",
                            "ЙОГУРТ",
                            "ﬁ ½ Ⅷ ％",
                            "한국어 日本 हिन्दी",
                            "😀\uDBFF\uDFFF")) {
                statement.setString(1, text);
                try (ResultSet row = statement.executeQuery()) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getString(1)).isEqualTo(FoldedText.of(text));
                }
            }
        }
    }

    private static Answer list(String... parameters) {
        var query = new StringBuilder("/records/se_city?");
        for (int i = 0; i < parameters.length; i += 2) {
            query.append(URLEncoder.encode(parameters[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8))
                    .append('&');
        }
        return platform.get(query.substring(0, query.length() - 1));
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
