package io.headwater.command.imports;

import static io.headwater.command.imports.Importer.CSV;
import static io.headwater.command.imports.Importer.NDJSON;
import static io.headwater.command.imports.Importer.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.RunningService;
import io.headwater.contract.Json;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What becomes of rows, over real HTTP on a real log.
class ImportTest {
    private static final RunningService SERVICE = ImportService.shared();

    private final Importer importer = new Importer(SERVICE.client());
    private final String prefix = "x" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void models() {
        var importer = new Importer(SERVICE.client());
        importer.define(
                "land", "{\"fields\": {\"name\": {\"type\": \"text\", \"required\": true}}}");
        importer.define(
                "field",
                """
                {"fields": {"name":   {"type": "text"},
                            "iata":   {"type": "text", "unique": true},
                            "land":   {"type": "reference", "to": "land"},
                            "parent": {"type": "reference", "to": "field"},
                            "length": {"type": "integer", "min": 0}}}
                """);
        importer.run("land?existing=skip", CSV, "id,name\nDE,Germany\nAE,Emirates\n");
    }

    @Test
    void goodRowsGoInAndBadOnesAreReportedByTheirLine() {
        var state =
                importer.run(
                        "field",
                        CSV,
                        """
                        id,name,iata,land,length
                        X-good-1,Frankfurt,X1,DE,4000
                        X-good-2,مطار دبي,X2,AE,
                        X-bad-ref,Nowhere,,XX,10
                        X-bad-type,Somewhere,,DE,long
                        X-bad-unique,Copy,X1,DE,10
                        bad id,Spaces,,DE,10
                        X-good-1,Again,,DE,10
                        too,few
                        X-bad-unique-2,Copy,X2,DE,10
                        X-good-3,"Quoted, ""cell\""",,DE,10
                        """
                                .replace("X", prefix));
        assertThat(counts(state)).isEqualTo("3 created, 0 changed, 0 skipped, 7 rejected");
        assertThat(state.path("state").stringValue()).isEqualTo("done");
        assertThat(state.path("rows").intValue()).isEqualTo(10);
        assertThat(state.path("line").intValue()).isEqualTo(11);
        assertThat(importer.reasons(state))
                .containsExactly(
                        "4 /land unresolved-reference",
                        "5 /length type",
                        "6 /iata not-unique",
                        "7 /id id",
                        "8  record-exists",
                        "9  cells",
                        "10 /iata not-unique");
        assertThat(fields("good-2"))
                .isEqualTo(
                        "{\"name\":\"مطار دبي\",\"iata\":\"%s2\",\"land\":\"AE\"}"
                                .formatted(prefix));
        assertThat(fields("good-3")).contains("Quoted, \\\"cell\\\"");
    }

    @Test
    void theDownloadOfRejectedRowsHasThemAsTheyWere() {
        var state = importer.run("field", CSV, "id,name,length\n" + prefix + ",\"a\n\"\"b\",-1\n");
        assertThat(Json.mapper().readTree(importer.rejected(state).getFirst()).path("raw"))
                .isEqualTo(Json.mapper().readTree("\"" + prefix + ",\\\"a\\n\\\"\\\"b\\\",-1\""));
        assertThat(String.join("\n", importer.rejected(state, "Accept", "text/csv")))
                .isEqualTo(
                        "line,pointer,code,detail,raw\n2,\"/length\",\"min\",\"At least 0\",\""
                                + prefix
                                + ",\"\"a\n\"\"\"\"b\"\",-1\"");
    }

    @Test
    void linesOfJsonThatCannotBeStoredAreRejectedAlone() {
        var state =
                importer.run(
                        "field",
                        NDJSON,
                        """
                        {"id":"X-1","name":"good"}
                        {"id":"X-2","name":"nul \\u0000"}
                        {"id":"X-3","name":"half \\ud800"}
                        {"id":"X-4","nome":"unknown"}
                        {"id":"X-5","length":99999999999999999999}
                        {"id":"X-6","name":
                        [1]
                        {"id":{"a":1},"name":"good"}
                        {"id":"X-1","name":"twice"}
                        {"id":"X-7","name":"'; DROP TABLE log.event; --"}
                        """
                                .replace("X", prefix));
        assertThat(importer.reasons(state))
                .containsExactly(
                        "2 /name text",
                        "3 /name text",
                        "4 /nome unknown-field",
                        "5 /length range",
                        "6  json",
                        "7  type",
                        "8  id",
                        "9  record-exists");
        assertThat(counts(state)).isEqualTo("2 created, 0 changed, 0 skipped, 8 rejected");
    }

    @Test
    void aRowMayReferToARowBeforeItAndNotToOneAfterIt() {
        // More rows than fit into one chunk: where one ends must make no difference.
        for (int apart = 1; apart < 12; apart++) {
            String first = prefix + "-" + apart + "-a";
            String second = prefix + "-" + apart + "-b";
            String between =
                    IntStream.range(1, apart)
                            .mapToObj(i -> "%s-%s,\n".formatted(first, i))
                            .collect(Collectors.joining());
            var backward =
                    importer.run(
                            "field",
                            CSV,
                            "id,parent\n" + first + ",\n" + between + second + "," + first + "\n");
            assertThat(importer.reasons(backward)).isEmpty();
            String third = prefix + "-" + apart + "-c";
            var forward =
                    importer.run(
                            "field",
                            CSV,
                            "id,parent\n%s,%s-later\n%s%s-later,\n"
                                    .formatted(third, third, between.replace("-a-", "-d-"), third));
            assertThat(importer.reasons(forward)).containsExactly("2 /parent unresolved-reference");
        }
    }

    @Test
    void aRowThatRefersToARejectedRowIsRejectedToo() {
        var state =
                importer.run(
                        "field",
                        CSV,
                        "id,parent,length\nX-1,,-1\nX-2,X-1,1\nX-3,X-2,1\nX-4,,1\n"
                                .replace("X", prefix));
        assertThat(importer.reasons(state))
                .containsExactly(
                        "2 /length min",
                        "3 /parent unresolved-reference",
                        "4 /parent unresolved-reference");
    }

    @Test
    void whatIsThereAlreadyIsRejectedReplacedOrSkipped() {
        String file = "id,name,length\nX-1,a,1\nX-2,b,2\n".replace("X", prefix);
        assertThat(counts(importer.run("field", CSV, file)))
                .isEqualTo("2 created, 0 changed, 0 skipped, 0 rejected");
        assertThat(counts(importer.run("field", CSV, file)))
                .isEqualTo("0 created, 0 changed, 0 skipped, 2 rejected");
        assertThat(counts(importer.run("field?existing=skip", CSV, file + prefix + "-3,c,3\n")))
                .isEqualTo("1 created, 0 changed, 2 skipped, 0 rejected");
        String changed = file.replace("b,2", "b,") + prefix + "-2,twice,5\n";
        assertThat(counts(importer.run("field?existing=replace", CSV, changed)))
                .isEqualTo("0 created, 2 changed, 1 skipped, 0 rejected");
        assertThat(fields("2")).isEqualTo("{\"name\":\"twice\",\"length\":5}");
        assertThat(SERVICE.count(events(prefix + "-2"))).isEqualTo(3);
    }

    @Test
    void theSameKeyAndFileIsTheSameImport() {
        String file = "name\nno id\nno id\n";
        var first = importer.run("field", CSV, file, "Idempotency-Key", prefix);
        assertThat(counts(first)).isEqualTo("2 created, 0 changed, 0 skipped, 0 rejected");
        var again = importer.run("field", CSV, file, "Idempotency-Key", prefix);
        assertThat(again).isEqualTo(first);
        var other = importer.send("field", CSV, file + "more\n", "Idempotency-Key", prefix);
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        var elsewhere = importer.send("field?empty=keep", CSV, file, "Idempotency-Key", prefix);
        assertThat(elsewhere.problem()).isEqualTo("idempotency-key-reused");
    }

    @Test
    void aDryRunSaysTheSameAndChangesNothing() {
        String file =
                IntStream.range(0, 12)
                                .mapToObj(i ->
                                        "X-%d,X%d,%s,%s\n"
                                                .formatted(i, i, i > 6 ? "X-" + (i - 6) : "", i))
                                .collect(Collectors.joining("", "id,iata,parent,length\n", ""))
                        + "X-3,,,1\nX-20,X3,,1\nX-21,,X-99,1\nX-22,,,no\n";
        String mine = file.replace("X", prefix);
        long before = SERVICE.count("SELECT count(*) FROM log.event");
        var tried = importer.send("field?dryRun=true", CSV, mine);
        assertThat(tried.status()).as("%s", tried).isEqualTo(200);
        assertThat(SERVICE.count("SELECT count(*) FROM log.event")).isEqualTo(before);
        assertThat(counts(tried.json())).isEqualTo("12 created, 0 changed, 0 skipped, 4 rejected");
        var state = importer.run("field", CSV, mine);
        assertThat(counts(state)).isEqualTo(counts(tried.json()));
        List<String> codes = List.of("record-exists", "not-unique", "unresolved-reference", "type");
        for (int i = 0; i < 4; i++) {
            assertThat(tried.text("/rejections/" + i + "/errors/0/code")).isEqualTo(codes.get(i));
        }
    }

    @Test
    void importsAreListedAndShownWithAToken() {
        var state = importer.run("field", CSV, "id\n" + prefix + "\n");
        String id = state.path("import").stringValue();
        var listed = SERVICE.client().send("GET", "/imports?limit=100", null);
        assertThat(listed.json().path("imports").findValuesAsString("import")).contains(id);
        var shown = SERVICE.client().send("GET", "/imports/" + id, null);
        assertThat(shown.header("Consistency-Token"))
                .isEqualTo(state.path("consistencyToken").stringValue())
                .matches("[0-9a-f]{8}\\.\\d+");
        assertThat(
                        SERVICE.text(
                                "SELECT metadata FROM log.event WHERE tags @> '{record=field/"
                                        + prefix
                                        + "}'"))
                .contains("\"actor\":\"tester\"", "\"cause\":\"" + id + "\"");
    }

    private String fields(String id) {
        String record = "record=field/" + prefix + "-" + id;
        var payload =
                SERVICE.text(
                        "SELECT payload FROM log.event WHERE tags @> '{"
                                + record
                                + "}' ORDER BY position DESC LIMIT 1");
        return Json.mapper().readTree(payload).path("fields").toString();
    }

    private static String events(String id) {
        return "SELECT count(*) FROM log.event WHERE tags @> '{record=field/" + id + "}'";
    }
}
