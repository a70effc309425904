package io.headwater.bench.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A history as people make it: countries in YAML, airports in JSON, runways in CSV, which are
/// edited, added, moved, deleted and restored; with copies that leave an id twice, references to
/// what is gone, values that do not fit, files that cannot be read, a merge, clocks that go back,
/// and commits that change every file. What comes out depends on the arguments alone.
public final class SampleHistory {
    /// Its mapping.
    public static final String MAPPING =
            """
            rules: {duplicateId: letThrough, duplicateValue: letThrough, danglingReference: leaveOut,
                    invalidValue: letThrough, unreadable: leaveOut}
            models:
              country:
                files: countries/(?<region>[^/]+)/[^/]+\\.yaml
                id: code
                fields: {region: $region, currency: /money/currency}
                definition:
                  fields:
                    name: {type: text, required: true}
                    region: {type: text}
                    currency: {type: text}
              airport:
                files: airports/(?<country>[^/]+)/[^/]+\\.json
                id: code
                fields: {country: $country}
                definition:
                  fields:
                    name: {type: text, required: true}
                    country: {type: reference, to: country}
                    iata: {type: text, unique: true}
                    elevation: {type: integer}
                    fee: {type: decimal, precision: 9, scale: 2}
                    opened: {type: date}
              runway:
                files: runways/[^/]+\\.csv
                id: [airport, ident]
                definition:
                  fields:
                    airport: {type: reference, to: airport, required: true}
                    ident: {type: text}
                    length: {type: integer, indexed: true}
                    lit: {type: boolean}
            """;

    private static final List<String> AUTHORS =
            List.of(
                    "Ada Lovelace <ada@example.org>",
                    "Grace Hopper <grace@example.org>",
                    "José Ñandú <jose@example.org>",
                    "李 <li@example.org>");

    private final Random random;
    private final int countries;
    private final int airports;
    private final TreeMap<String, String> files = new TreeMap<>();
    private final Map<String, @Nullable String> changed = new LinkedHashMap<>();
    private Instant time = Instant.parse("2015-01-01T00:00:00Z");
    private int made;

    private SampleHistory(int files, long seed) {
        this.random = new Random(seed);
        this.countries = Math.max(3, files / 100);
        this.airports = Math.max(5, files - 2 * countries);
    }

    /// @param folder where the bare repository is made; must not be there, or be empty
    /// @param files about how many it has in the end; 20 and up
    /// @param commits on its first-parent line; 10 and up
    public static void make(Path folder, int files, int commits, long seed) throws IOException {
        Files.createDirectories(folder);
        FastImport.init(folder);
        try (var git = new FastImport(folder)) {
            new SampleHistory(files, seed).make(git, commits);
            git.finish();
        }
    }

    private void make(FastImport git, int commits) throws IOException {
        int head = 0;
        for (int i = 0; i < commits; i++) {
            int merged = 0;
            if (i == 0) {
                allCountries();
            } else if (i == 1) {
                allAirports();
            } else if (i == commits / 2) {
                // all that can be read once more
                List.copyOf(files.keySet()).stream().filter(this::isAirport).forEach(this::edit);
            } else {
                for (int n = 1 + random.nextInt(4); n > 0; n--) {
                    any();
                }
                if (i % 50 == 7) {
                    merged =
                            git.commit(
                                    "side", author(), time, "aside", head, 0, Map.copyOf(plain()));
                }
            }
            step();
            head = git.commit("main", author(), time, "change " + i, head, merged, changed);
            changed.clear();
        }
    }

    private Map<String, String> plain() {
        Map<String, String> plain = new TreeMap<>();
        changed.forEach((path, content) -> {
            if (content != null) {
                plain.put(path, content);
            }
        });
        return plain;
    }

    private String author() {
        return AUTHORS.get(random.nextInt(AUTHORS.size()));
    }

    private void step() {
        int kind = random.nextInt(50);
        time =
                kind == 0
                        ? time.minusSeconds(random.nextInt(200_000))
                        : kind < 5 ? time : time.plusSeconds(random.nextInt(40_000));
    }

    private void allCountries() {
        for (int i = 0; i < countries; i++) {
            put(countryPath(i), country(i));
        }
        put("README.md", "no record\n");
    }

    private void allAirports() {
        for (int i = 0; i < airports; i++) {
            addAirport();
        }
        for (int i = 0; i < countries; i++) {
            put("runways/%s.csv".formatted(code(i)), runways());
        }
    }

    private void any() {
        int kind = random.nextInt(100);
        String airport = anyAirport();
        if (airport.isEmpty() || kind < 10) {
            addAirport();
        } else if (kind < 60) {
            edit(airport);
        } else if (kind < 68) {
            String content = content(airport);
            remove(airport);
            put(elsewhere(airport), content);
        } else if (kind < 73) {
            remove(airport);
        } else if (kind < 84) {
            put("runways/%s.csv".formatted(code(random.nextInt(countries))), runways());
        } else if (kind < 86) {
            String country = countryPath(random.nextInt(countries));
            if (files.containsKey(country)) {
                remove(country);
            }
        } else if (kind < 90) {
            int country = random.nextInt(countries);
            put(countryPath(country), country(country));
        } else if (kind < 94) {
            put(elsewhere(airport), content(airport));
        } else if (kind < 97) {
            put(airport, airport(codeOf(airport), random.nextInt(made), "\"low\""));
        } else if (kind < 98) {
            put(airport, "{\"code\": ");
        } else {
            remove(anyAirport());
        }
    }

    private void addAirport() {
        String code = "A%05d".formatted(made++);
        put(
                "airports/%s/%s.json".formatted(code(random.nextInt(countries)), code),
                airport(code, made, elevation()));
    }

    private void edit(String path) {
        put(path, airport(codeOf(path), random.nextInt(30) == 0 ? 7 : serial(path), elevation()));
    }

    private boolean isAirport(String path) {
        return path.startsWith("airports/");
    }

    private String elevation() {
        return Integer.toString(random.nextInt(4000));
    }

    private static int serial(String path) {
        return Integer.parseInt(codeOf(path).substring(1)) + 1;
    }

    private static String codeOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1, path.lastIndexOf('.'));
    }

    private String elsewhere(String path) {
        return "airports/%s/%s.json".formatted(code(random.nextInt(countries)), codeOf(path));
    }

    private static String code(int country) {
        return "" + (char) ('A' + country / 26 % 26) + (char) ('A' + country % 26) + country / 676;
    }

    private String countryPath(int country) {
        return "countries/%s/%s.yaml"
                .formatted(country % 3 == 0 ? "north" : "south", code(country));
    }

    private String country(int country) {
        return "code: %s\nname: \"Land %s, %d\"\nmoney:\n  currency: %s\n"
                .formatted(code(country), code(country), random.nextInt(1000), code(country / 2));
    }

    private String airport(String code, int serial, String elevation) {
        return """
        {
          "code": "%s",
          "name": "Airport of %s, Ōtepoti",
          "iata": "I%d",
          "elevation": %s,
          "fee": %d.5,
          "opened": "19%02d-0%d-11"
        }
        """
                .formatted(
                        code,
                        code,
                        serial,
                        elevation,
                        random.nextInt(500),
                        10 + random.nextInt(90),
                        1 + random.nextInt(9));
    }

    private String runways() {
        var csv = new StringBuilder("airport,ident,length,lit\n");
        for (int i = random.nextInt(6); i >= 0; i--) {
            csv.append(
                    "A%05d,%02d/%d,%d,%s\n"
                            .formatted(
                                    random.nextInt(made),
                                    random.nextInt(36),
                                    i,
                                    800 + random.nextInt(3000),
                                    random.nextBoolean() ? "true" : ""));
        }
        return csv.toString();
    }

    private String content(String path) {
        return files.getOrDefault(path, "");
    }

    /// Any of thousands, without looking at all of them; empty if there is none.
    private String anyAirport() {
        String near =
                "airports/%s/A%05d"
                        .formatted(code(random.nextInt(countries)), random.nextInt(made));
        String next = files.ceilingKey(near);
        String before = files.floorKey(near);
        String found = next != null && isAirport(next) ? next : before;
        return found != null && isAirport(found) ? found : "";
    }

    private void put(String path, String content) {
        files.put(path, content);
        changed.put(path, content);
    }

    private void remove(String path) {
        files.remove(path);
        changed.put(path, null);
    }
}
