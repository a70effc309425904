package io.headwater.bench.mapping;

import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Makes claims of files. Not safe for concurrent use.
final class Extraction {
    private final Mapping mapping;
    private final List<Claim> claims = new ArrayList<>();
    private final List<Breach> breaches = new ArrayList<>();
    private final String path;

    private Extraction(Mapping mapping, String path) {
        this.mapping = mapping;
        this.path = path;
    }

    /// What a file says.
    ///
    /// @param breaches of values, each by itself
    record Reading(List<Claim> claims, List<Breach> breaches) {}

    static boolean isOfInterest(Mapping mapping, String path) {
        return FileFormat.of(path) != null
                && mapping.models().values().stream()
                        .anyMatch(model -> model.files().matcher(path).matches());
    }

    /// @param content null if there is too much of it
    static Reading read(Mapping mapping, String path, byte @Nullable [] content) {
        var extraction = new Extraction(mapping, path);
        mapping.models().values().forEach(model -> extraction.read(model, content));
        return new Reading(extraction.claims, extraction.breaches);
    }

    private void read(ModelMapping model, byte @Nullable [] content) {
        Matcher matcher = model.files().matcher(path);
        if (!matcher.matches()) {
            return;
        }
        FileFormat format = Objects.requireNonNull(FileFormat.of(path));
        if (content == null) {
            breach(Rule.UNREADABLE, 0, "Too long");
            return;
        }
        try {
            for (FileFormat.Item item : format.read(content, model.at())) {
                if (item.value() == null) {
                    breach(Rule.UNREADABLE, item.row(), item.flaw());
                } else {
                    claim(model, matcher, format.isText(), item.row(), item.value());
                }
            }
        } catch (IOException broken) {
            breach(Rule.UNREADABLE, 0, String.valueOf(broken.getMessage()));
        }
    }

    private void claim(ModelMapping model, Matcher path, boolean text, int row, JsonNode record) {
        RecordRef ref = ref(model, path, row, record);
        if (ref == null) {
            return;
        }
        ObjectNode given = Json.mapper().createObjectNode();
        for (var field : model.definition().fields().values()) {
            Source source = Objects.requireNonNull(model.fields().get(field.name()));
            JsonNode value = source.of(record, path);
            if (value != null) {
                given.set(field.name(), typed(field.type(), value, text || source.isText()));
            }
        }
        ObjectNode fields = canonical(model, ref, row, given);
        if (fields != null) {
            claims.add(new Claim(ref, this.path, row, fields));
        }
    }

    private @Nullable RecordRef ref(ModelMapping model, Matcher path, int row, JsonNode record) {
        List<String> parts = new ArrayList<>();
        for (Source source : model.id()) {
            JsonNode part = source.of(record, path);
            if (part == null || part.isContainer() || part.asString().isEmpty()) {
                breach(
                        Rule.INVALID_VALUE,
                        row,
                        "A record of %s without an id".formatted(model.model()));
                return null;
            }
            parts.add(part.asString());
        }
        String id = PlainId.of(String.join("-", parts));
        if (!RecordId.isValid(id)) {
            breach(Rule.INVALID_VALUE, row, RecordId.RULE);
            return null;
        }
        return new RecordRef(model.model(), new RecordId(id));
    }

    /// What a field of the type would call it: bare text stands for values of all types, and a
    /// number in YAML for a text.
    private static JsonNode typed(FieldType type, JsonNode value, boolean text) {
        return switch (type) {
            case FieldType.Reference _ ->
                    value.isContainer() ? value : StringNode.valueOf(PlainId.of(value.asString()));
            case FieldType.Items items when value.isArray() -> {
                ArrayNode list = Json.mapper().createArrayNode();
                value.forEach(item -> list.add(typed(items.items(), item, text)));
                yield list;
            }
            case FieldType.Text _, FieldType.Choice _ when value.isNumber() || value.isBoolean() ->
                    StringNode.valueOf(value.asString());
            case FieldType other when text && value.isString() ->
                    other.fromText(value.stringValue());
            case FieldType _ -> value;
        };
    }

    private @Nullable ObjectNode canonical(
            ModelMapping model, RecordRef ref, int row, ObjectNode given) {
        var faults = new Faults();
        ObjectNode canonical = model.definition().canonical(given, faults);
        if (canonical != null) {
            return canonical;
        }
        for (Fault fault : faults.list()) {
            breach(
                    Rule.INVALID_VALUE,
                    row,
                    "%s %s: %s".formatted(ref, fault.pointer(), fault.detail()));
            given.remove(fault.pointer().split("/", -1)[1]);
        }
        return mapping.verdict(Rule.INVALID_VALUE) == Verdict.LET_THROUGH
                ? model.definition().canonical(given, new Faults())
                : null;
    }

    private void breach(Rule rule, int row, String detail) {
        breaches.add(new Breach(rule, mapping.verdict(rule), path, row, detail));
    }
}
