package io.headwater.bench.mapping;

import io.headwater.bench.mapping.Mapping.Actor;
import io.headwater.bench.mapping.Mapping.Clock;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/// Reads a mapping file, YAML or JSON.
final class MappingReader {
    private static final Set<String> MEMBERS =
            Set.of("branch", "actor", "time", "operations", "rules", "models");
    private static final Set<String> MODEL_MEMBERS =
            Set.of("files", "at", "id", "fields", "definition");
    private static final int MOST_OPERATIONS = 10_000;

    private MappingReader() {}

    static Mapping read(String text) throws IOException {
        List<JsonNode> documents = YamlTree.read(text);
        JsonNode json = documents.size() == 1 ? documents.getFirst() : null;
        if (json == null || !json.isObject()) {
            throw new IOException("A mapping is one object with the member models");
        }
        only("", json, MEMBERS);
        int operations = json.path("operations").asInt(MOST_OPERATIONS);
        if (operations < 1 || operations > MOST_OPERATIONS) {
            throw new IOException("/operations: 1 to %,d".formatted(MOST_OPERATIONS));
        }
        return new Mapping(
                json.path("branch").asString("HEAD"),
                choice("/actor", json.path("actor"), Actor.values(), Actor.EMAIL),
                choice("/time", json.path("time"), Clock.values(), Clock.COMMITTER),
                operations,
                verdicts(json.path("rules")),
                models(json.path("models")),
                digest(text));
    }

    private static Map<Rule, Verdict> verdicts(JsonNode json) throws IOException {
        only("/rules", json, names(Rule.values()));
        Map<Rule, Verdict> verdicts = new EnumMap<>(Rule.class);
        for (Rule rule : Rule.values()) {
            String at = "/rules/" + rule.key();
            String given = json.path(rule.key()).asString(Verdict.LEAVE_OUT.key());
            Verdict verdict =
                    Arrays.stream(Verdict.values())
                            .filter(each -> each.key().equals(given))
                            .findAny()
                            .orElseThrow(
                                    () -> new IOException(at + ": leaveOut, letThrough or stop"));
            if (rule == Rule.UNREADABLE && verdict == Verdict.LET_THROUGH) {
                throw new IOException(at + ": leaveOut or stop");
            }
            verdicts.put(rule, verdict);
        }
        return verdicts;
    }

    private static Map<ModelName, ModelMapping> models(JsonNode json) throws IOException {
        if (!json.isObject() || json.isEmpty()) {
            throw new IOException("/models: at least one model, by its name");
        }
        Map<ModelName, ModelMapping> models = new TreeMap<>();
        for (var member : json.properties()) {
            String at = "/models/" + member.getKey();
            if (!ModelName.isValid(member.getKey())) {
                throw new IOException(at + ": " + ModelName.RULE);
            }
            ModelName name = new ModelName(member.getKey());
            models.put(name, model(at, name, member.getValue()));
        }
        return models;
    }

    private static ModelMapping model(String at, ModelName name, JsonNode json) throws IOException {
        only(at, json, MODEL_MEMBERS);
        try {
            ModelDefinition definition = definition(at, json.path("definition"));
            Pattern files = Pattern.compile(required(at + "/files", json.path("files")));
            Map<String, Source> fields = new HashMap<>();
            for (String field : definition.fields().keySet()) {
                fields.put(field, Source.parse(json.path("fields").path(field).asString(field)));
            }
            only(at + "/fields", json.path("fields"), definition.fields().keySet());
            JsonNode id = json.path("id");
            List<Source> sources =
                    id.isArray()
                            ? id.valueStream().map(each -> Source.parse(each.asString())).toList()
                            : List.of(Source.parse(required(at + "/id", id)));
            requireGroups(at, files, sources);
            requireGroups(at, files, List.copyOf(fields.values()));
            return new ModelMapping(
                    name,
                    definition,
                    files,
                    JsonPointer.compile(json.path("at").asString("")),
                    sources,
                    fields);
        } catch (PatternSyntaxException broken) {
            throw new IOException(at + "/files: " + broken.getMessage());
        } catch (IllegalArgumentException broken) {
            throw new IOException(at + ": " + broken.getMessage());
        }
    }

    private static void requireGroups(String at, Pattern files, List<Source> sources)
            throws IOException {
        for (Source source : sources) {
            if (source instanceof Source.Capture(String group)
                    && !files.namedGroups().containsKey(group)) {
                throw new IOException(
                        "%s: the pattern of files has no group (?<%s>…)".formatted(at, group));
            }
        }
    }

    private static ModelDefinition definition(String at, JsonNode json) throws IOException {
        var faults = new Faults();
        ModelDefinition definition = ModelDefinition.read(json, faults);
        if (definition == null) {
            Fault first = faults.list().getFirst();
            throw new IOException(at + "/definition" + first.pointer() + ": " + first.detail());
        }
        return definition;
    }

    private static String required(String at, JsonNode json) throws IOException {
        if (!json.isString()) {
            throw new IOException(at + ": a text");
        }
        return json.stringValue();
    }

    private static <E extends Enum<E>> E choice(String at, JsonNode json, E[] values, E preset)
            throws IOException {
        if (json.isMissingNode()) {
            return preset;
        }
        for (E value : values) {
            if (value.name().equalsIgnoreCase(json.asString(""))) {
                return value;
            }
        }
        throw new IOException(at + ": one of " + Arrays.toString(values).toLowerCase(Locale.ROOT));
    }

    private static Set<String> names(Rule[] rules) {
        return Set.copyOf(Arrays.stream(rules).map(Rule::key).toList());
    }

    private static void only(String at, @Nullable JsonNode json, Set<String> known)
            throws IOException {
        if (json == null || json.isMissingNode()) {
            return;
        }
        for (var member : json.properties()) {
            if (!known.contains(member.getKey())) {
                throw new IOException(
                        "%s/%s: not known here; known are %s"
                                .formatted(
                                        at,
                                        member.getKey(),
                                        String.join(", ", known.stream().sorted().toList())));
            }
        }
    }

    private static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
