package io.headwater.command.imports;

import io.headwater.command.rows.CsvReader;
import io.headwater.command.rows.Layout;
import io.headwater.command.rows.LayoutChoice;
import io.headwater.command.rows.NdjsonReader;
import io.headwater.command.rows.RowReader;
import io.headwater.contract.Excerpt;
import io.headwater.contract.ValidFrom;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a client wants a file to be read. Written to the log as plain texts, so that an import can
/// be taken up again anywhere.
///
/// @param delimiter between cells of CSV
/// @param existing what to do with a row whose record is there
record ImportParameters(Format format, char delimiter, LayoutChoice layout, Existing existing) {
    private static final Map<String, Character> DELIMITERS =
            Map.of("comma", ',', "semicolon", ';', "tab", '\t', "pipe", '|');
    private static final Set<String> KNOWN =
            Set.of("id", "map", "unknown", "existing", "empty", "delimiter", ValidFrom.MEMBER);
    private static final int LONGEST = 10_000;

    enum Format {
        CSV,
        NDJSON
    }

    enum Existing {
        /// The row is rejected.
        REJECT,
        /// The record becomes what the row says, as by `PUT`.
        REPLACE,
        /// The record stays as it is, and the row counts as skipped.
        SKIP
    }

    /// Reads query parameters.
    ///
    /// @param faults takes what is wrong with them
    /// @return null if anything is
    static @Nullable ImportParameters read(
            Format format, Map<String, String> given, Consumer<Layout.Misfit> faults) {
        return new Reading(given, faults).parameters(format);
    }

    /// The parameters as [#stored] wrote them.
    ///
    /// @throws IllegalArgumentException if they are not
    static ImportParameters restored(Map<String, String> stored) {
        var given = new LinkedHashMap<>(stored);
        String format = String.valueOf(given.remove("format"));
        var parameters =
                read(
                        format.equals("csv") ? Format.CSV : Format.NDJSON,
                        given,
                        fault -> {
                            throw new IllegalArgumentException(fault.detail());
                        });
        if (parameters == null) {
            throw new IllegalArgumentException("The parameters are not valid: " + stored);
        }
        return parameters;
    }

    /// All of the parameters as texts.
    static Map<String, String> stored(Format format, Map<String, String> given) {
        var stored = new LinkedHashMap<String, String>();
        stored.put("format", format == Format.CSV ? "csv" : "ndjson");
        given.keySet().stream().sorted().forEach(name -> stored.put(name, given.get(name)));
        return stored;
    }

    /// @param longest most bytes of a row
    /// @throws CsvReader.HeaderMissing if a CSV file has no header
    RowReader reader(InputStream file, int longest) throws IOException {
        return switch (format) {
            case CSV -> new CsvReader(file, delimiter, longest);
            case NDJSON -> new NdjsonReader(file, longest);
        };
    }

    /// Columns of the file; null if it has none.
    static @Nullable List<String> header(RowReader reader) {
        return reader instanceof CsvReader csv ? csv.header() : null;
    }

    private record Reading(Map<String, String> given, Consumer<Layout.Misfit> faults) {
        @Nullable ImportParameters parameters(Format format) {
            boolean known = true;
            for (String name : given.keySet()) {
                if (!KNOWN.contains(name)) {
                    known = false;
                    refuse(
                            name,
                            "unknown-parameter",
                            "Not known here; known are "
                                    + String.join(", ", KNOWN.stream().sorted().toList())
                                    + " and dryRun");
                }
            }
            String id = given.get("id");
            if (id != null && (id.isEmpty() || id.length() > LONGEST)) {
                refuse("id", "value", "Expected the name of a column");
                return null;
            }
            String validFrom = given.get(ValidFrom.MEMBER);
            if (validFrom != null && (validFrom.isEmpty() || validFrom.length() > LONGEST)) {
                refuse(ValidFrom.MEMBER, "value", "Expected the name of a column");
                return null;
            }
            var map = map(given.getOrDefault("map", ""));
            var unknown = choice("unknown", LayoutChoice.Unknown.values());
            var empty = choice("empty", LayoutChoice.Empty.values());
            var existing = choice("existing", Existing.values());
            Character delimiter = delimiter(format);
            if (!known
                    || map == null
                    || unknown == null
                    || empty == null
                    || existing == null
                    || delimiter == null) {
                return null;
            }
            return new ImportParameters(
                    format,
                    delimiter,
                    new LayoutChoice(id, map, unknown, empty, validFrom),
                    existing);
        }

        private @Nullable Map<String, String> map(String text) {
            var map = new LinkedHashMap<String, String>();
            for (String pair : text.isEmpty() ? List.<String>of() : List.of(text.split(",", -1))) {
                // The last colon: a field's name has none, a column's may.
                int colon = pair.lastIndexOf(':');
                if (colon < 1 || colon == pair.length() - 1 || text.length() > LONGEST) {
                    refuse(
                            "map",
                            "value",
                            "Expected column:field, several separated by commas; got \"%s\""
                                    .formatted(Excerpt.of(pair)));
                    return null;
                }
                if (map.put(pair.substring(0, colon), pair.substring(colon + 1)) != null) {
                    refuse(
                            "map",
                            "duplicate",
                            "The column \"%s\" is mapped twice"
                                    .formatted(Excerpt.of(pair.substring(0, colon))));
                    return null;
                }
            }
            return map;
        }

        private @Nullable Character delimiter(Format format) {
            String name = given.get("delimiter");
            if (name != null && format != Format.CSV) {
                refuse("delimiter", "value", "Only CSV has a delimiter");
                return null;
            }
            Character delimiter = DELIMITERS.get(name == null ? "comma" : name);
            if (delimiter == null) {
                refuse("delimiter", "value", "One of comma, semicolon, tab, pipe");
            }
            return delimiter;
        }

        /// The first of the values is what holds without the parameter.
        private <E extends Enum<E>> @Nullable E choice(String name, E[] values) {
            String text = given.get(name);
            if (text == null) {
                return values[0];
            }
            for (E value : values) {
                if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return value;
                }
            }
            refuse(
                    name,
                    "value",
                    "One of "
                            + String.join(
                                    ", ",
                                    Arrays.stream(values)
                                            .map(v -> v.name().toLowerCase(Locale.ROOT))
                                            .toList()));
            return null;
        }

        private void refuse(String parameter, String code, String detail) {
            faults.accept(new Layout.Misfit(parameter, code, detail));
        }
    }
}
