package io.headwater.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.ModelDefinition;
import io.headwater.query.api.Platform.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Whatever comes, the answer is a problem detail that says what is wrong, and never a 500.
class BadInputTest {
    private static final Platform platform = Platform.get();
    private static final ModelDefinition PART =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text", "search": true}, "size": {"type": "integer"}, "price": {"type": "decimal", "precision": 9, "scale": 2},
                                "active": {"type": "boolean"}, "day": {"type": "date"}, "moment": {"type": "timestamp"}, "key": {"type": "uuid"},
                                "tier": {"type": "enum", "options": ["a", "b"]}, "part": {"type": "reference", "to": "part"},
                                "extra": {"type": "json"}, "tags": {"type": "list", "items": {"type": "integer"}}}}
                    """);
    private static final String SQL = "' OR 1=1; DROP TABLE read.checkpoint; --";

    @BeforeAll
    static void fill() throws Exception {
        platform.tables().define("part", PART);
        platform.replicate();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    filter[nope][eq]=1           | filter[nope][eq]     | unknown-field
                    filter[id][eq]=1             | filter[id][eq]       | unknown-field
                    filter[name][like]=x         | filter[name][like]   | unknown-operator
                    filter[name][EQ]=x           | filter[name][EQ]     | unknown-operator
                    filter[active][lt]=true      | filter[active][lt]   | unknown-operator
                    filter[tags][eq]=1           | filter[tags][eq]     | unknown-operator
                    filter[extra][lt]=1          | filter[extra][lt]    | unknown-operator
                    filter[tier][starts]=a       | filter[tier][starts] | unknown-operator
                    filter[size][eq]=x           | filter[size][eq]     | type
                    filter[size][eq]=            | filter[size][eq]     | type
                    filter[size][eq]=1.5         | filter[size][eq]     | type
                    filter[size][eq]=1e400       | filter[size][eq]     | range
                    filter[size][eq]=NaN         | filter[size][eq]     | type
                    filter[size][in]=1,,2        | filter[size][in]     | type
                    filter[price][eq]=abc        | filter[price][eq]    | type
                    filter[price][eq]=1e999999999| filter[price][eq]    | precision
                    filter[price][eq]=Infinity   | filter[price][eq]    | type
                    filter[active][eq]=yes       | filter[active][eq]   | type
                    filter[day][gte]=2026-02-30  | filter[day][gte]     | type
                    filter[day][gte]=infinity    | filter[day][gte]     | type
                    filter[moment][lt]=2026-01-31| filter[moment][lt]   | type
                    filter[key][eq]=123          | filter[key][eq]      | type
                    filter[tier][eq]=c           | filter[tier][eq]     | type
                    filter[part][eq]=a%20b       | filter[part][eq]     | type
                    filter[tags][contains]=x     | filter[tags][contains] | type
                    filter[extra][eq]=%7B        |                      |
                    filter[name][eq]=a%00b       | filter[name][eq]     | text
                    filter[name][null]=maybe     | filter[name][null]   | type
                    filter[name]=x               | filter[name]         | unknown-parameter
                    filter=x                     | filter               | unknown-parameter
                    filter[name][eq][x]=x        | filter[name][eq][x]  | unknown-parameter
                    filter[][]=x                 | filter[][]           | unknown-field
                    where=1                      | where                | unknown-parameter
                    sort=nope                    | sort                 | unknown-field
                    sort=name,,                  | sort                 | unknown-field
                    sort=extra                   | sort                 | unsortable
                    sort=name,-name              | sort                 | repeated
                    sort=name&sort=size          | sort                 | repeated
                    sort=name,size,price,active,day | sort              | bound
                    fields=nope                  | fields               | unknown-field
                    fields=@id                   | fields               | envelope
                    page[size]=0                 | page[size]           | bound
                    page[size]=1001              | page[size]           | bound
                    page[size]=-1                | page[size]           | bound
                    page[size]=x                 | page[size]           | bound
                    page[size]=99999999999999999999 | page[size]        | bound
                    page[after]=garbage          | page[after]          | cursor
                    page[after]=                 | page[after]          | cursor
                    page[after]=AAAA             | page[after]          | cursor
                    page[after]=%F0%9F%98%80     | page[after]          | cursor
                    """)
    void aBadParameterIsNamed(String parameters, String name, String code) {
        Answer answer =
                platform.get(
                        "/records/part?"
                                + parameters.strip().replace("[", "%5B").replace("]", "%5D"));
        if (name == null) {
            assertThat(answer.status()).isEqualTo(200); // any text is a json value: the text itself
            return;
        }
        assertBad(answer, 400, "invalid-query");
        assertThat(answer.json().at("/errors/0/parameter").asString()).isEqualTo(name);
        assertThat(answer.json().at("/errors/0/code").asString()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                                                      |                    | type
                    {"filters":{}}                                          | /filters           | unknown-member
                    {"filter":[]}                                           | /filter            | type
                    {"filter":{}}                                           | /filter/field      | required
                    {"filter":{"field":"name","op":"eq"}}                   | /filter/value      | required
                    {"filter":{"field":"name","op":"eq","value":null}}      | /filter/value      | type
                    {"filter":{"field":"name","op":"eq","value":1}}         | /filter/value      | type
                    {"filter":{"field":"name","op":"eq","value":"a\\u0000"}} | /filter/value     | text
                    {"filter":{"field":"name","op":"eq","value":"\\ud800"}} | /filter/value      | text
                    {"filter":{"field":"nope","op":"eq","value":1}}         | /filter/field      | unknown-field
                    {"filter":{"field":"name","op":"is","value":1}}         | /filter/op         | unknown-operator
                    {"filter":{"field":"name","op":"in","value":"x"}}       | /filter/value      | type
                    {"filter":{"field":"name","op":"in","value":[]}}        | /filter/value      | bound
                    {"filter":{"field":"name","op":"in","value":["x",1]}}   | /filter/value/1    | type
                    {"filter":{"and":[]}}                                   | /filter/and        | type
                    {"filter":{"and":{}}}                                   | /filter/and        | type
                    {"filter":{"and":[{"or":[{"field":"x","op":"eq","value":1}]}]}} | /filter/and/0/or/0/field | unknown-field
                    {"filter":{"and":[{}],"or":[{}]}}                       | /filter/or         | unknown-member
                    {"filter":{"not":[]}}                                   | /filter/not        | type
                    {"filter":{"field":"extra","op":"eq","value":{"a":"\\u0000"}}} | /filter/value | text
                    {"sort":"name"}                                         | /sort              | type
                    {"sort":["name",1]}                                     | /sort/1            | unknown-field
                    {"fields":["nope"]}                                     | /fields/0          | unknown-field
                    {"page":[]}                                             | /page              | type
                    {"page":{"size":1001}}                                  | /page/size         | bound
                    {"page":{"size":"5"}}                                   | /page/size         | bound
                    {"page":{"size":1.5}}                                   | /page/size         | bound
                    {"page":{"after":5}}                                    | /page/after        | type
                    {"page":{"after":"x"}}                                  | /page/after        | cursor
                    {"page":{"before":"x"}}                                 | /page/before       | unknown-member
                    {"a":1,"a":2}                                           |                    | json
                    {"filter":                                              |                    | json
                    {} x                                                    |                    | json
                    """)
    void aBadMemberIsPointedAt(String body, String pointer, String code) {
        Answer answer = platform.post("/records/part/query", body);
        assertBad(answer, 400, "invalid-query");
        assertThat(answer.json().at("/errors/0/pointer").asString())
                .isEqualTo(pointer == null ? "" : pointer);
        assertThat(answer.json().at("/errors/0/code").asString()).isEqualTo(code);
    }

    @Test
    void filtersAreBoundedInDepthInNumberAndInValues() {
        String leaf = "{\"field\":\"name\",\"op\":\"eq\",\"value\":\"x\"}";
        assertThat(query("{\"not\":".repeat(9) + leaf + "}".repeat(9)).status()).isEqualTo(200);
        assertPointer(
                query("{\"not\":".repeat(10) + leaf + "}".repeat(10)),
                "/filter" + "/not".repeat(10));
        assertBad(query("{\"not\":".repeat(5000) + leaf + "}".repeat(5000)), 400, "invalid-query");
        assertThat(
                        query(
                                        "{\"or\":["
                                                + String.join(
                                                        ",",
                                                        java.util.Collections.nCopies(199, leaf))
                                                + "]}")
                                .status())
                .isEqualTo(200);
        assertPointer(
                query(
                        "{\"or\":["
                                + String.join(",", java.util.Collections.nCopies(200, leaf))
                                + "]}"),
                "/filter/or/199");
        String in = "{\"field\":\"name\",\"op\":\"in\",\"value\":[%s]}";
        assertThat(
                        query(
                                        in.formatted(
                                                String.join(
                                                        ",",
                                                        java.util.Collections.nCopies(
                                                                1000, "\"x\""))))
                                .status())
                .isEqualTo(200);
        assertPointer(
                query(in.formatted(String.join(",", java.util.Collections.nCopies(1001, "\"x\"")))),
                "/filter/value");
        assertBad(
                platform.post("/records/part/query", "\"" + "x".repeat(1024 * 1024) + "\""),
                413,
                "too-large");
    }

    private static Answer query(String filter) {
        return platform.post("/records/part/query", "{\"filter\":" + filter + "}");
    }

    @Test
    void sqlIsAnOrdinaryTextInEveryPlaceAStringCanGo() {
        String sql = URLEncoder.encode(SQL, StandardCharsets.UTF_8);
        String json = SQL.replace("\"", "\\\"");
        List<Answer> answers =
                List.of(
                        platform.get("/records/" + sql.replace("+", "%20").replace("%3B", "")),
                        platform.get("/records/part/" + sql.replace("+", "%20").replace("%3B", "")),
                        platform.get("/models/" + sql.replace("+", "%20").replace("%3B", "")),
                        platform.get("/models/part/schema?version=" + sql),
                        platform.get("/models?page%5Bafter%5D=" + sql),
                        platform.get("/records/part?" + sql + "=1"),
                        platform.get("/records/part?filter%5B" + sql + "%5D%5Beq%5D=1"),
                        platform.get("/records/part?filter%5Bname%5D%5B" + sql + "%5D=1"),
                        platform.get("/records/part?filter%5Bname%5D%5Beq%5D=" + sql),
                        platform.get("/records/part?filter%5Bname%5D%5Bin%5D=" + sql),
                        platform.get("/records/part?filter%5Bname%5D%5Bcontains%5D=" + sql),
                        platform.get("/records/part?filter%5Bname%5D%5Bstarts%5D=" + sql),
                        platform.get("/records/part?filter%5Bextra%5D%5Bcontains%5D=" + sql),
                        platform.get("/records/part?filter%5Bextra." + sql + "%5D%5Beq%5D=" + sql),
                        platform.get("/records/part?filter%5Bpart." + sql + "%5D%5Beq%5D=1"),
                        platform.get(
                                "/records/part?filter%5Bpart.extra."
                                        + sql
                                        + "%5D%5Bstarts%5D="
                                        + sql),
                        platform.get("/records/part?filter%5Bpart.name%5D%5Beq%5D=" + sql),
                        platform.get("/records/part?filter%5Btags%5D%5Bany%5D=" + sql),
                        platform.get("/records/part?filter%5Btags%5D%5Ball%5D=" + sql),
                        platform.get("/records/part?sort=part." + sql),
                        platform.get("/records/part?search=" + sql),
                        platform.get("/records/part?expand=" + sql),
                        platform.get("/records/part?expand=part:" + sql),
                        platform.get("/records/part/x?expand=" + sql),
                        platform.get("/records/part/summary?group=" + sql),
                        platform.get("/records/part/summary?group=moment:" + sql),
                        platform.get("/records/part/summary?group=extra." + sql),
                        platform.get("/records/part/summary?measures=" + sql),
                        platform.get("/records/part/summary?measures=sum:" + sql),
                        platform.get(
                                "/records/part/summary?measures=min:name&having%5Bmin:name%5D%5Beq%5D="
                                        + sql),
                        platform.get("/records/part/summary?having%5B" + sql + "%5D%5Beq%5D=1"),
                        platform.get("/records/part/summary?having%5Bcount%5D%5B" + sql + "%5D=1"),
                        platform.get("/records/part/summary?sort=" + sql),
                        platform.get("/records/part/summary?filter%5Bname%5D%5Bcontains%5D=" + sql),
                        platform.post(
                                "/records/part/query",
                                "{\"search\":\"" + json + "\",\"expand\":[\"" + json + "\"]}"),
                        query(
                                "{\"field\":\"extra."
                                        + json
                                        + "\",\"op\":\"in\",\"value\":[\""
                                        + json
                                        + "\"]}"),
                        platform.get("/records/part?sort=" + sql),
                        platform.get("/records/part?fields=" + sql),
                        platform.get("/records/part?page%5Bsize%5D=" + sql),
                        platform.get("/records/part?page%5Bafter%5D=" + sql),
                        platform.post(
                                "/records/part/query",
                                "{\"sort\":[\"" + json + "\"],\"fields\":[\"" + json + "\"]}"),
                        query(
                                "{\"field\":\""
                                        + json
                                        + "\",\"op\":\""
                                        + json
                                        + "\",\"value\":\""
                                        + json
                                        + "\"}"),
                        platform.get("/records/part", "Consistency-At-Least", SQL),
                        platform.get("/records/part", "Prefer", "wait=" + SQL));
        for (Answer answer : answers) {
            assertThat(answer.status()).as(answer.body()).isIn(200, 400, 404);
        }
        assertThat(platform.get("/records/part").status()).isEqualTo(200);
    }

    @Test
    void aNumberBeyondAnyComparisonIsRefusedNotAFault() {
        Answer answer = query("{\"field\":\"extra\",\"op\":\"eq\",\"value\":{\"a\":1e999999}}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "7f3a91c2",
                "7f3a91c2.",
                "7f3a91c2.-1",
                "7F3A91C2.1",
                "7f3a91c2.01",
                "7f3a91c2.99999999999999999999",
                "7f3a91c2.1 7f3a91c2.2"
            })
    void aTokenThatIsNoneIsNamed(String token) {
        Answer answer = platform.get("/records/part", "Consistency-At-Least", token);
        assertBad(answer, 400, "invalid-query");
        assertThat(answer.json().at("/errors/0/header").asString())
                .isEqualTo("Consistency-At-Least");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait", "wait=", "wait=x", "wait=1.5", "wait=-1", "wait=99999999999"})
    void aWaitThatIsNoneIsNamed(String prefer) {
        Answer answer =
                platform.get(
                        "/records/part",
                        "Consistency-At-Least",
                        Platform.EPOCH + ".0",
                        "Prefer",
                        prefer);
        assertBad(answer, 400, "invalid-query");
        assertThat(answer.json().at("/errors/0/header").asString()).isEqualTo("Prefer");
    }

    @Test
    void refusalsOfTheFrameworkAreProblemsToo() {
        assertBad(platform.get("/nowhere"), 404, "not-found");
        assertBad(platform.get("/records/part/query/x"), 404, "not-found");
        assertBad(platform.post("/records/part", "{}"), 405, "method-not-allowed");
        assertBad(platform.get("/records/part", "Accept", "text/html"), 406, "not-acceptable");
        HttpRequest.Builder xml =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + platform.port()
                                                + "/records/part/query"))
                        .header("Authorization", "Bearer " + platform.token("read"))
                        .header("Content-Type", "application/xml")
                        .POST(BodyPublishers.ofString("<x/>"));
        assertBad(platform.send(xml), 415, "unsupported-media-type");
        HttpRequest.Builder nobody =
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + platform.port() + "/models"));
        assertBad(platform.send(nobody), 401, "unauthenticated");
        HttpRequest.Builder writer =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + platform.port() + "/models"))
                        .header("Authorization", "Bearer " + platform.token("write"));
        assertBad(platform.send(writer), 403, "forbidden");
        assertBad(platform.post("/records/part/query?x=1", "{}"), 400, "invalid-query");
        assertBad(platform.get("/records/part/a%20b"), 400, "invalid-query");
        assertBad(platform.get("/models?page%5Bsize%5D=0"), 400, "invalid-query");
        assertBad(platform.get("/models/part/schema?version=x"), 400, "invalid-query");
        assertBad(platform.get("/models/part/schema?version=9"), 404, "unknown-version");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /records/part?filter[name][eq]=%ZZ HTTP/1.1",
                "GET /records/part?filter[name][eq]=%FF HTTP/1.1",
                "GET /records/part?filter[name][eq]=%C0%80 HTTP/1.1",
                "GET /records/part?filter[name][eq]=% HTTP/1.1",
                "GET /records/%00 HTTP/1.1",
                "GET /records/part%2Fx HTTP/1.1",
                "GET /records//part HTTP/1.1",
                "GET /records/part;x=1 HTTP/1.1",
                "GET /records/%ZZ HTTP/1.1",
                "GET /records/part?a=\u0001 HTTP/1.1",
                "GET /records/pa rt HTTP/1.1",
                "GET /records/part?filter[a][b]={\"<>\\^`|}\u00e9 HTTP/1.1",
                "NONSENSE",
            })
    void whatIsNoProperRequestIsAProblemToo(String line) throws IOException {
        String answer =
                raw(
                        line
                                + "\r\nHost: x\r\nAuthorization: Bearer "
                                + platform.token("read")
                                + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).as(line).startsWith("HTTP/1.1 400");
        assertThat(answer)
                .as(line)
                .contains("application/problem+json")
                .contains("https://headwater.io/problems/");
    }

    @Test
    void bracketsNeedNoEscapeAndHeadersAreBounded() throws IOException {
        String head =
                " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                        + platform.token("read")
                        + "\r\nConnection: close\r\n";
        assertThat(raw("GET /records/part?filter[name][eq]=x&page[size]=5" + head + "\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /records/part" + head + "X-Big: " + "x".repeat(100_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .contains("application/problem+json");
    }

    private static String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), platform.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static void assertPointer(Answer answer, String pointer) {
        assertBad(answer, 400, "invalid-query");
        assertThat(answer.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(answer.json().at("/errors/0/code").asString()).isEqualTo("bound");
    }

    private static void assertBad(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(answer.problem()).isEqualTo(code);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").stringValue()).isNotBlank();
        assertThat(problem.get("detail").stringValue()).isNotBlank();
    }
}
