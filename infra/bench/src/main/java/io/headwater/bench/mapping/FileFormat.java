package io.headwater.bench.mapping;

import io.headwater.command.rows.CsvReader;
import io.headwater.command.rows.Row;
import io.headwater.contract.Json;
import io.headwater.contract.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How a file is written; told by the end of its name.
enum FileFormat {
    YAML,
    JSON,
    NDJSON,
    CSV,
    TSV;

    private static final int LONGEST_ROW = 1 << 20;

    /// A record of a file, or the reason why there is none.
    ///
    /// @param row counted from 1
    /// @param value null if it cannot be read
    record Item(int row, @Nullable JsonNode value, String flaw) {}

    /// @return null for a name that says nothing
    static @Nullable FileFormat of(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return switch (dot < 0 ? "" : name.substring(dot + 1)) {
            case "yaml", "yml" -> YAML;
            case "json" -> JSON;
            case "ndjson", "jsonl" -> NDJSON;
            case "csv" -> CSV;
            case "tsv" -> TSV;
            case String _ -> null;
        };
    }

    /// Whether all values are bare text.
    boolean isText() {
        return this == CSV || this == TSV;
    }

    /// @param at where in a document the record, or the list of records, is
    /// @throws IOException if none of it can be read; with the reason
    List<Item> read(byte[] content, JsonPointer at) throws IOException {
        return switch (this) {
            case YAML -> items(YamlTree.read(text(content)), at);
            case JSON -> items(List.of(json(text(content))), at);
            case NDJSON -> lines(text(content));
            case CSV -> rows(content, ',');
            case TSV -> rows(content, '\t');
        };
    }

    private static List<Item> items(List<JsonNode> documents, JsonPointer at) {
        List<Item> items = new ArrayList<>();
        for (JsonNode document : documents) {
            JsonNode found = document.at(at);
            for (JsonNode each : found.isArray() ? found : List.of(found)) {
                if (!each.isMissingNode() && !each.isNull()) {
                    items.add(item(items.size() + 1, each));
                }
            }
        }
        return items;
    }

    private static Item item(int row, JsonNode value) {
        return value.isObject()
                ? new Item(row, value, "")
                : new Item(row, null, "No object with members, but " + value.getNodeType());
    }

    private static JsonNode json(String text) throws IOException {
        try {
            return Json.read(text);
        } catch (MalformedJsonException broken) {
            throw new IOException(broken.getMessage());
        }
    }

    private static List<Item> lines(String text) {
        List<Item> items = new ArrayList<>();
        int line = 0;
        for (String each : text.split("\n", -1)) {
            line++;
            if (!each.isBlank()) {
                try {
                    items.add(item(line, Json.read(each)));
                } catch (MalformedJsonException broken) {
                    items.add(new Item(line, null, String.valueOf(broken.getMessage())));
                }
            }
        }
        return items;
    }

    private static List<Item> rows(byte[] content, char delimiter) throws IOException {
        List<Item> items = new ArrayList<>();
        var reader = new CsvReader(new ByteArrayInputStream(content), delimiter, LONGEST_ROW);
        int row = 1;
        for (Row each = reader.next(); each != null; each = reader.next()) {
            row++;
            switch (each) {
                case Row.Cells cells -> {
                    ObjectNode record = Json.mapper().createObjectNode();
                    for (int i = 0; i < cells.cells().size(); i++) {
                        if (!cells.cells().get(i).isEmpty()) {
                            record.put(reader.header().get(i), cells.cells().get(i));
                        }
                    }
                    items.add(new Item(row, record, ""));
                }
                case Row.Unreadable broken ->
                        items.add(new Item(row, null, broken.fault().detail()));
                case Row.Members _ -> throw new IllegalStateException("No row of CSV");
            }
        }
        return items;
    }

    private static String text(byte[] content) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException broken) {
            throw new IOException("Not UTF-8");
        }
    }
}
