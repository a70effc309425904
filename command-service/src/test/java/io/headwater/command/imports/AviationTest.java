package io.headwater.command.imports;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.command.RunningService;
import io.headwater.contract.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Real files with their dirt, imported with the models and parameters of `docs/examples/aviation`.
class AviationTest {
    private static final Path MODELS = Path.of("..", "docs", "examples", "aviation");
    private static final Path FILES = Path.of("src", "test", "resources", "aviation");

    private static final RunningService SERVICE = ImportService.shared();
    private static final Importer IMPORTER = new Importer(SERVICE.client());

    private static JsonNode runways = Json.mapper().nullNode();

    @BeforeAll
    static void importAll() throws IOException {
        send("country", "countries.csv", 9, 0);
        send("region", "regions.csv", 48, 0);
        send("airport", "airports.csv", 40, 0);
        runways = send("runway", "runways.csv", 70, 28);
        send("frequency", "airport-frequencies.csv", 50, 6);
        send("navaid", "navaids.csv", 37, 5);
    }

    @Test
    void eachRowIsInTheLogOnceWithItsFields() {
        assertThat(fields("airport/OMDB"))
                .isEqualTo(
                        "{\"name\":\"Dubai International Airport\",\"iata\":\"DXB\",\"city\":\"Dubai\","
                                + "\"subdivision\":\"Dubai\",\"country\":\"AE\",\"elevation_ft\":\"34.00\","
                                + "\"latitude\":\"25.252800\",\"longitude\":\"55.364400\","
                                + "\"time_zone\":\"Asia/Dubai\"}");
        assertThat(fields("country/AE")).contains("مطارات في الإمارات العربية المتحدة");
        assertThat(
                        SERVICE.count(
                                """
                                SELECT count(*)
                                  FROM log.event
                                 WHERE type = 'headwater.RecordCreated'
                                   AND payload::jsonb ->> 'model' IN
                                       ('country', 'region', 'airport', 'runway', 'frequency', 'navaid')
                                """))
                .isEqualTo(9 + 48 + 40 + 70 + 50 + 37);
    }

    @Test
    void codesThatLookLikeNumbersStayText() {
        assertThat(Json.mapper().readTree(fields("region/AD-02")).path("local_code").stringValue())
                .isEqualTo("02");
    }

    @Test
    void rowsWhoseAirportIsMissingAreReportedWithTheirLine() throws IOException {
        var lines = Files.readAllLines(FILES.resolve("runways.csv"));
        var rejected = IMPORTER.rejected(runways);
        assertThat(rejected).hasSize(28);
        for (String line : rejected) {
            var row = Json.mapper().readTree(line);
            assertThat(row.path("raw").stringValue())
                    .isEqualTo(lines.get(row.path("line").intValue() - 1));
            assertThat(row.at("/errors/0/code").stringValue()).isEqualTo("unresolved-reference");
            assertThat(row.at("/errors/0/pointer").stringValue()).isEqualTo("/airport");
        }
    }

    private static JsonNode send(String model, String file, int accepted, int rejected)
            throws IOException {
        IMPORTER.define(model, Files.readString(MODELS.resolve(model + ".json")));
        var state =
                IMPORTER.run(target(model), Importer.CSV, Files.readString(FILES.resolve(file)));
        assertThat(state.path("state").stringValue()).isEqualTo("done");
        assertThat(state.path("accepted").intValue()).as("%s", state).isEqualTo(accepted);
        assertThat(state.path("rejected").intValue()).as("%s", state).isEqualTo(rejected);
        return state;
    }

    /// As the example's page says.
    private static String target(String model) throws IOException {
        return Files.readString(MODELS.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("| `" + model + "` "))
                .map(line -> line.split("`", -1)[3])
                .findFirst()
                .orElseThrow();
    }

    private static String fields(String record) {
        var payload =
                SERVICE.text(
                        "SELECT payload FROM log.event WHERE tags @> '{record=" + record + "}'");
        return Json.mapper().readTree(payload).path("fields").toString();
    }
}
