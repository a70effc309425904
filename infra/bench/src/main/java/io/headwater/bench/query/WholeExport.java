package io.headwater.bench.query;

import io.headwater.bench.load.Platform;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/// All records of a model as NDJSON, beside what PostgreSQL itself would send of them.
final class WholeExport {
    static final Row ROW =
            new Row(
                    "export",
                    "all records as NDJSON from the standby, one after the other",
                    "COPY … TO STDOUT of the same rows from the standby",
                    "records/s",
                    new Bar.RatioAtLeast(0.3));

    private static final String COPY =
            """
            COPY (SELECT "_id", "_revision", "_position", "_created_at", "_updated_at", name, rank, note, kind
                    FROM read.record_item)
              TO STDOUT
            """;
    private static final int KIB_IN_MIB = 1_024;

    private final Platform platform;
    private final Plan plan;

    WholeExport(Platform platform, Plan plan) {
        this.platform = platform;
        this.plan = plan;
    }

    /// A turn is one export, however long it takes.
    List<Finding> measure() throws Exception {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("records", export(".ndjson").lines());
        notes.put("query service, MiB resident before", resident());
        var rounds = Turns.take(plan, slice -> export(".ndjson").perSecond(), slice -> copy());
        notes.put("after, at most", resident());
        notes.put("CSV, records/s", Math.round(export(".csv").perSecond()));
        notes.put("Parquet, records/s", Math.round(export(".parquet").perSecond()));
        notes.put("after those", resident());
        return List.of(new Finding(ROW, rounds, notes));
    }

    private record Sent(long lines, long nanos, long records) {
        double perSecond() {
            return records * 1e9 / nanos;
        }
    }

    private Sent export(String format) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                platform.local().query().url().resolve("/records/item" + format))
                        .header("Authorization", "Bearer " + platform.token())
                        .build();
        long start = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() != 200) {
                throw new IOException("The service answered " + answer.statusCode());
            }
            long lines = lines(answer.body());
            return new Sent(lines, System.nanoTime() - start, plan.bigLog() / ListPages.REVISIONS);
        }
    }

    private static long lines(InputStream body) throws IOException {
        var buffer = new byte[64 * 1024];
        long lines = 0;
        try (body) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n') {
                        lines++;
                    }
                }
            }
        }
        return lines;
    }

    private double copy() throws SQLException, IOException {
        long start = System.nanoTime();
        try (Connection connection = platform.standby()) {
            long rows =
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyOut(COPY, OutputStream.nullOutputStream());
            return rows * 1e9 / (System.nanoTime() - start);
        }
    }

    /// The most that the service ever had.
    private long resident() throws IOException {
        Path status = Path.of("/proc", Long.toString(platform.local().query().pid()), "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / KIB_IN_MIB;
            }
        }
        throw new IOException("The machine does not tell: " + status);
    }
}
