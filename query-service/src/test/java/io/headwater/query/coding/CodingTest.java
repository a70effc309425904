package io.headwater.query.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.headwater.contract.Json;
import io.headwater.query.api.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Compressed answers, and those that a client has already.
class CodingTest {
    private static final Platform platform = Platform.get();

    @BeforeAll
    static void fill() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
        var definition = Platform.definition("{\"fields\": {\"name\": {\"type\": \"text\"}}}");
        platform.tables().define("coded", definition);
        var records = new LinkedHashMap<String, ObjectNode>();
        for (int n = 0; n < 2_000; n++) {
            records.put(
                    "r%04d".formatted(n),
                    Json.mapper().createObjectNode().put("name", "name ü " + n));
        }
        platform.tables().insert("coded", definition, 900, records);
        platform.replicate();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/records/coded?page%5Bsize%5D=1000",
                "/records/coded.ndjson",
                "/records/coded.csv",
                "/models?page%5Bsize%5D=100"
            })
    void anAnswerIsTheSameInEachCoding(String path) throws Exception {
        HttpResponse<byte[]> plain = get(path, null);
        HttpResponse<byte[]> gzip = get(path, "gzip");
        HttpResponse<byte[]> zstd = get(path, "gzip, br, zstd");

        assertThat(header(plain, "Content-Encoding")).isEmpty();
        assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(zstd, "Content-Encoding")).isEqualTo("zstd");
        for (HttpResponse<byte[]> answer : List.of(plain, gzip, zstd)) {
            assertThat(answer.headers().allValues("Vary")).contains("Accept-Encoding");
        }
        assertThat(decoded(gzip)).isEqualTo(decoded(plain));
        assertThat(decoded(zstd)).isEqualTo(decoded(plain));
        assertThat(zstd.body().length).isLessThan(plain.body().length / 2);
        assertThat(header(gzip, "ETag")).isEqualTo(header(plain, "ETag"));
    }

    @Test
    void whatIsSmallOrStronglyTaggedOrCompressedAlreadyIsLeftAlone() throws Exception {
        assertThat(header(get("/records/coded?page%5Bsize%5D=1", "gzip"), "Content-Encoding"))
                .isEmpty();
        HttpResponse<byte[]> one = get("/records/coded/r0001", "gzip");
        assertThat(header(one, "Content-Encoding")).isEmpty();
        assertThat(header(one, "Content-Length")).isEqualTo(Integer.toString(one.body().length));
        HttpResponse<byte[]> parquet = get("/records/coded.parquet", "zstd");
        assertThat(header(parquet, "Content-Encoding")).isEmpty();
        assertThat(new String(parquet.body(), 0, 4, UTF_8)).isEqualTo("PAR1");
        HttpResponse<byte[]> refused = get("/records/coded?x=1", "gzip");
        assertThat(refused.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/records/coded?page%5Bsize%5D=3",
                "/records/coded?filter%5Bname%5D%5Beq%5D=nobody",
                "/models",
                "/models/coded",
                "/models/coded/schema",
                "/queries"
            })
    void whatAClientHasIsNotSentAgain(String path) throws Exception {
        String etag = header(get(path, null), "ETag");
        assertThat(etag).isNotEmpty();
        HttpResponse<byte[]> again = get(path, "gzip", "If-None-Match", "\"x\", " + etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(etag);
        assertThat(header(again, "Consistency-Token")).isNotEmpty();
        assertThat(again.headers().allValues("Vary")).contains("Accept-Encoding");
        assertThat(get(path, null, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
    }

    @Test
    void aTagIsOfTheRecordsAndNotOfWhatElseTheLogHas() throws Exception {
        String path = "/records/coded?page%5Bsize%5D=3";
        String before = header(get(path, null), "ETag");
        platform.tables().checkpoint(Platform.EPOCH, 1001);
        platform.replicate();
        assertThat(header(get(path, null), "ETag")).isEqualTo(before);
        assertThat(header(get("/records/coded?page%5Bsize%5D=4", null), "ETag"))
                .isNotEqualTo(before);
        platform.tables().checkpoint(Platform.EPOCH, 1000);
        platform.replicate();
        assertThat(header(get("/models/coded", null), "ETag")).isEqualTo("\"1\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | GZIP",
                "GZIP;q=0.5, zstd;q=0.4 | GZIP",
                "gzip, zstd | ZSTD",
                "zstd;q=0, gzip | GZIP",
                "zstd;q=0 |",
                "* | GZIP",
                "*, gzip;q=0 |",
                "br, deflate |",
                "gzip;q=x |",
                "'' |"
            })
    void theClientChooses(String accepted, @Nullable Coding coding) {
        assertThat(Coding.of(List.of(accepted))).isEqualTo(coding);
    }

    private static HttpResponse<byte[]> get(
            String path, @Nullable String accepted, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.port() + path))
                        .header("Authorization", "Bearer " + platform.token("read"));
        if (accepted != null) {
            request.header("Accept-Encoding", accepted);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String decoded(HttpResponse<byte[]> answer) throws IOException {
        var bytes = new ByteArrayInputStream(answer.body());
        InputStream in =
                switch (header(answer, "Content-Encoding")) {
                    case "gzip" -> new GZIPInputStream(bytes);
                    case "zstd" -> new ZstdInputStream(bytes);
                    default -> bytes;
                };
        return new String(in.readAllBytes(), UTF_8);
    }
}
