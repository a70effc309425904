package io.headwater.command.imports;

import static io.headwater.command.imports.Importer.CSV;
import static io.headwater.command.imports.Importer.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.Client;
import io.headwater.command.Client.Answer;
import io.headwater.command.RunningService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Requests that are no imports: always a problem detail that says what to do, and nothing kept.
class ImportRefusalTest {
    private static final RunningService SERVICE = ImportService.shared();
    private final Importer importer = new Importer(SERVICE.client());

    @BeforeAll
    static void model() {
        new Importer(SERVICE.client())
                .define(
                        "strict",
                        "{\"fields\": {\"name\": {\"type\": \"text\"}, \"n\": {\"type\": \"integer\"}}}");
    }

    @AfterEach
    void nothingIsKept() throws IOException {
        try (var files = Files.list(Path.of(ImportService.setting("headwater.spool.directory")))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void modelsThatAreNotThere() {
        refused(importer.send("nothing", CSV, "id\n1\n"), 404, "unknown-model");
        refused(importer.send("No%20Name", CSV, "id\n1\n"), 400, "invalid-id");
        importer.define("retired", "{\"fields\": {\"a\": {\"type\": \"text\"}}}");
        assertThat(SERVICE.client().delete("/models/retired").status()).isLessThan(300);
        refused(importer.send("retired", CSV, "id\n1\n"), 410, "model-retired");
    }

    @Test
    void parametersAreNamed() {
        for (String[] bad :
                new String[][] {
                    {"nonsense=1", "nonsense"},
                    {"unknown=maybe", "unknown"},
                    {"existing=merge", "existing"},
                    {"empty=null", "empty"},
                    {"delimiter=;", "delimiter"},
                    {"dryRun=yes", "dryRun"},
                    {"map=name", "map"},
                    {"map=a:name,a:n", "map"},
                    {"map=a:nope", "map"},
                    {"map=missing:name", "map"},
                    {"id=missing", "id"},
                    {"id=a&id=b", "id"}
                }) {
            var answer = importer.send("strict?" + bad[0], CSV, "id,name\n1,a\n");
            refused(answer, 400, "invalid-parameter");
            assertThat(answer.text("/errors/0/parameter")).as("%s", answer).isEqualTo(bad[1]);
        }
        refused(importer.send("strict?delimiter=tab", NDJSON, "{}"), 400, "invalid-parameter");
        refused(importer.send("strict", CSV, "id,colour\n1,a\n"), 400, "invalid-parameter");
        refused(importer.send("strict", CSV, "id,id\n1,2\n"), 400, "invalid-parameter");
    }

    @Test
    void bodiesThatAreNone() {
        refused(importer.send("strict", CSV, ""), 400, "empty-body");
        refused(importer.send("strict", NDJSON, ""), 400, "empty-body");
        refused(importer.send("strict", CSV, "\n\n"), 400, "invalid-csv-header");
        refused(importer.send("strict", CSV, "\"open\n"), 400, "invalid-csv-header");
        refused(importer.send("strict?dryRun=true", CSV, ""), 400, "invalid-csv-header");
        refused(importer.send("strict?dryRun=true", NDJSON, ""), 400, "empty-body");
        refused(importer.send("strict", "application/json", "{}"), 415, "unsupported-media-type");
        refused(
                importer.send("strict", "text/csv;charset=ISO-8859-1", "id\n1\n"),
                415,
                "unsupported-media-type");
        refused(
                importer.send("strict", CSV, "id\n1\n", "Content-Encoding", "br"),
                415,
                "unsupported-content-encoding");
    }

    @Test
    void gzipIsUnpackedAndBrokenGzipIsRefused() throws IOException {
        byte[] packed = gzip("id,name\nzipped,a\n");
        var answer = bytes(packed);
        assertThat(answer.status()).as("%s", answer).isEqualTo(202);
        assertThat(Importer.counts(importer.end(answer.header("Location"))))
                .isEqualTo("1 created, 0 changed, 0 skipped, 0 rejected");
        refused(bytes(Arrays.copyOf(packed, packed.length - 12)), 400, "malformed-gzip");
        refused(bytes("plain".getBytes(StandardCharsets.UTF_8)), 400, "malformed-gzip");
        refused(bytes(new byte[0]), 400, "malformed-gzip");
    }

    @Test
    void filesThatAreTooLongAreRefusedPackedOrNot() throws IOException {
        String eleven = "id\n" + "x".repeat(11 * 1024 * 1024);
        refused(importer.send("strict", CSV, eleven), 413, "body-too-large");
        refused(bytes(gzip(eleven)), 413, "body-too-large");
    }

    @Test
    void importsThatAreNotThere() {
        var client = SERVICE.client();
        for (String id : List.of("nope", "00000000-0000-0000-0000-000000000000")) {
            refused(client.send("GET", "/imports/" + id, null), 404, "unknown-import");
            refused(
                    client.send("GET", "/imports/" + id + "/rejected", null),
                    404,
                    "unknown-import");
            refused(client.delete("/imports/" + id), 404, "unknown-import");
        }
        refused(client.send("GET", "/imports?limit=101", null), 400, "invalid-parameter");
        refused(
                new Importer(SERVICE.client("read")).send("strict", CSV, "id\n1\n"),
                403,
                "forbidden");
    }

    private static void refused(Answer answer, int status, String problem) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.problem()).as("%s", answer).isEqualTo(problem);
        assertThat(answer.text("/detail")).isNotBlank();
    }

    private static Answer bytes(byte[] body) {
        return Client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + SERVICE.port() + "/imports/strict"))
                        .header(
                                "Authorization",
                                "Bearer " + RunningService.token("tester", "write"))
                        .header("Content-Type", CSV)
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
    }

    private static byte[] gzip(String text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }
}
