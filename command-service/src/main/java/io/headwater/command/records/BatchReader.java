package io.headwater.command.records;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.command.ledger.Expected;
import io.headwater.contract.Excerpt;
import io.headwater.contract.Faults;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.contract.ValidFrom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the body of `POST /commands`: `{"operations": [{"op", "model", "id", "local", "fields" |
/// "patch", "expectedRevision", "validFrom"}]}`.
final class BatchReader {
    private static final Set<String> KINDS = Set.of("create", "put", "patch", "delete");
    private static final Map<String, Set<String>> MEMBERS =
            Map.of(
                    "create", Set.of("op", "model", "id", "local", "fields", ValidFrom.MEMBER),
                    "put",
                            Set.of(
                                    "op",
                                    "model",
                                    "id",
                                    "local",
                                    "fields",
                                    "expectedRevision",
                                    ValidFrom.MEMBER),
                    "patch",
                            Set.of(
                                    "op",
                                    "model",
                                    "id",
                                    "patch",
                                    "expectedRevision",
                                    ValidFrom.MEMBER),
                    "delete", Set.of("op", "model", "id", "expectedRevision", ValidFrom.MEMBER));

    private final Faults faults;
    private final @Nullable Instant validFrom;
    private final Map<String, RecordRef> locals = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();

    private BatchReader(@Nullable Instant validFrom, Faults faults) {
        this.validFrom = validFrom;
        this.faults = faults;
    }

    /// @param most bound on the number of operations
    /// @param validFrom of operations that do not say
    /// @return null if faults were added
    static @Nullable ChangeRecords read(
            JsonNode body, int most, @Nullable Instant validFrom, Faults faults) {
        return new BatchReader(validFrom, faults).batch(body, most);
    }

    private @Nullable ChangeRecords batch(JsonNode body, int most) {
        JsonNode given = body.get("operations");
        if (given == null || !given.isArray() || given.isEmpty()) {
            faults.add(
                    "/operations",
                    "required",
                    "A batch is a JSON object with a list of \"operations\", at least one");
            return null;
        }
        for (var member : body.properties()) {
            if (!member.getKey().equals("operations")) {
                unknown("", member.getKey(), Set.of("operations"));
            }
        }
        if (given.size() > most) {
            faults.add(
                    "/operations",
                    "maxItems",
                    "At most %,d operations in a batch; got %,d".formatted(most, given.size()));
            return null;
        }
        for (int i = 0; i < given.size(); i++) {
            operation("/operations/" + i, given.get(i));
        }
        return faults.isEmpty() ? new ChangeRecords(operations, locals) : null;
    }

    private void operation(String at, JsonNode json) {
        String kind = json.isObject() ? text(json, at, "op") : null;
        if (kind == null || !KINDS.contains(kind)) {
            faults.add(
                    at + "/op",
                    "op",
                    "An operation is a JSON object with \"op\": create, put, patch or delete");
            return;
        }
        for (var member : json.properties()) {
            if (!MEMBERS.getOrDefault(kind, Set.of()).contains(member.getKey())) {
                unknown(at, member.getKey(), MEMBERS.getOrDefault(kind, Set.of()));
            }
        }
        RecordRef record = record(at, json, kind);
        Expected expected = expected(at, json);
        JsonNode content =
                switch (kind) {
                    case "patch" -> content(at, json, "patch");
                    case "delete" -> json;
                    default -> content(at, json, "fields");
                };
        if (record == null || expected == null || content == null) {
            return;
        }
        local(at, json, record);
        Instant from = validFrom(at, json);
        var fields = new Operation.Place(at, at + (kind.equals("patch") ? "/patch" : "/fields"));
        operations.add(
                switch (kind) {
                    case "create" -> new Operation.Create(record, content, fields, from);
                    case "put" -> new Operation.Put(record, content, expected, fields, from);
                    case "patch" -> new Operation.Patch(record, content, expected, fields, from);
                    default -> new Operation.Delete(record, expected, fields, from);
                });
    }

    private @Nullable RecordRef record(String at, JsonNode json, String kind) {
        String model = text(json, at, "model");
        if (model == null || !ModelName.isValid(model)) {
            faults.add(at + "/model", "model", ModelName.RULE);
            return null;
        }
        String id = text(json, at, "id");
        if (id == null && !json.has("id") && kind.equals("create")) {
            id = UuidCreator.getTimeOrderedEpoch().toString();
        }
        if (id == null || !RecordId.isValid(id)) {
            faults.add(at + "/id", "id", RecordId.RULE);
            return null;
        }
        return new RecordRef(new ModelName(model), new RecordId(id));
    }

    private @Nullable Expected expected(String at, JsonNode json) {
        JsonNode revision = json.get("expectedRevision");
        if (revision == null || revision.isNull()) {
            return new Expected.Anything();
        }
        if (!revision.isIntegralNumber()
                || !revision.canConvertToLong()
                || revision.longValue() < 0) {
            faults.add(
                    at + "/expectedRevision",
                    "type",
                    "A revision is a whole number; 0 if the record must not be there yet");
            return null;
        }
        return revision.longValue() == 0
                ? new Expected.Missing()
                : new Expected.OneOf(Set.of(revision.longValue()));
    }

    private @Nullable Instant validFrom(String at, JsonNode json) {
        String given = text(json, at, ValidFrom.MEMBER);
        if (given == null) {
            return validFrom;
        }
        Instant from = ValidFrom.parse(given).orElse(null);
        if (from == null) {
            faults.add(at + "/" + ValidFrom.MEMBER, "time", ValidFrom.RULE);
        }
        return from;
    }

    private @Nullable JsonNode content(String at, JsonNode json, String name) {
        if (json.get(name) instanceof ObjectNode fields) {
            return fields;
        }
        faults.add(
                at + "/" + name,
                "required",
                "\"%s\" is a JSON object with the record's fields".formatted(name));
        return null;
    }

    private void local(String at, JsonNode json, RecordRef record) {
        String name = text(json, at, "local");
        if (name == null) {
            return;
        }
        if (!RecordId.isValid(name)) {
            faults.add(
                    at + "/local",
                    "local",
                    "A local name is 1 to 200 letters (A-Z, a-z), digits, or one of . _ ~ -");
        } else if (locals.putIfAbsent(name, record) != null) {
            faults.add(
                    at + "/local",
                    "local",
                    "Another operation has the local name \"%s\"".formatted(Excerpt.of(name)));
        }
    }

    private @Nullable String text(JsonNode json, String at, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            return null;
        }
        if (!value.isString()) {
            faults.add(at + "/" + name, "type", "\"%s\" is a text".formatted(name));
            return null;
        }
        return value.stringValue();
    }

    private void unknown(String at, String name, Set<String> known) {
        faults.add(
                Faults.member(at, name),
                "unknown-member",
                "Not known here; known are " + String.join(", ", known.stream().sorted().toList()));
    }
}
