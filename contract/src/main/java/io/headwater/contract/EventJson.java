package io.headwater.contract;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Payloads of events as JSON text and back. Safe for concurrent use.
public final class EventJson {
    private static final String VALID_FROM = ValidFrom.MEMBER;

    private EventJson() {}

    public static String write(LogEvent event) {
        return Json.mapper().writeValueAsString(tree(event));
    }

    /// @param type one of [EventType]
    /// @throws IllegalArgumentException if the type is not known or the payload is not of its form;
    ///   the message says which member
    public static LogEvent read(String type, String payload) {
        try {
            return event(type, Json.read(payload));
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException(
                    "The payload of a " + type + " is no JSON: " + e.reason(), e);
        }
    }

    /// The same from UTF-8.
    public static LogEvent read(String type, byte[] payload) {
        try {
            return event(type, Json.read(payload));
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException(
                    "The payload of a " + type + " is no JSON: " + e.reason(), e);
        }
    }

    private static ObjectNode tree(LogEvent event) {
        var json = Json.mapper().createObjectNode();
        switch (event) {
            case ModelEvent.ModelDefined defined -> {
                model(json, defined);
                json.set("definition", defined.definition().toJson());
            }
            case ModelEvent.ModelRetired retired -> model(json, retired);
            case QueryEvent.QueryDefined defined -> {
                query(json, defined);
                json.set("definition", defined.definition().toJson());
            }
            case QueryEvent.QueryRetired retired -> query(json, retired);
            case RecordEvent.RecordCreated created -> {
                record(json, created);
                json.set("fields", created.fields());
            }
            case RecordEvent.RecordChanged changed -> {
                record(json, changed);
                json.set("fields", changed.fields());
                var names = json.putArray("changed");
                changed.changed().stream().sorted().forEach(names::add);
            }
            case RecordEvent.RecordDeleted deleted -> record(json, deleted);
            case CommandAnswered answered -> {
                json.put("fingerprint", answered.fingerprint());
                json.put("status", answered.status());
                json.set("headers", answered.headers());
                json.set("body", answered.body());
            }
            case ImportEvent imported -> ImportJson.write(json, imported);
        }
        return json;
    }

    private static void model(ObjectNode json, ModelEvent event) {
        json.put("model", event.model().value());
        json.put("version", event.version());
    }

    private static void query(ObjectNode json, QueryEvent event) {
        json.put("query", event.query().value());
        json.put("version", event.version());
    }

    private static void record(ObjectNode json, RecordEvent event) {
        json.put("model", event.record().model().value());
        json.put("modelVersion", event.modelVersion());
        json.put("id", event.record().id().value());
        json.put("revision", event.revision());
        if (event.validFrom() != null) {
            json.put(VALID_FROM, FieldType.Moment.text(event.validFrom()));
        }
    }

    private static LogEvent event(String type, JsonNode json) {
        return switch (type) {
            case EventType.MODEL_DEFINED ->
                    new ModelEvent.ModelDefined(
                            model(json), version(json, "version"), definition(json));
            case EventType.MODEL_RETIRED ->
                    new ModelEvent.ModelRetired(model(json), version(json, "version"));
            case EventType.QUERY_DEFINED ->
                    new QueryEvent.QueryDefined(
                            query(json), version(json, "version"), queryDefinition(json));
            case EventType.QUERY_RETIRED ->
                    new QueryEvent.QueryRetired(query(json), version(json, "version"));
            case EventType.RECORD_CREATED ->
                    new RecordEvent.RecordCreated(
                            record(json),
                            version(json, "modelVersion"),
                            whole(json, "revision"),
                            object(json, "fields"),
                            validFrom(json));
            case EventType.RECORD_CHANGED ->
                    new RecordEvent.RecordChanged(
                            record(json),
                            version(json, "modelVersion"),
                            whole(json, "revision"),
                            object(json, "fields"),
                            names(json),
                            validFrom(json));
            case EventType.RECORD_DELETED ->
                    new RecordEvent.RecordDeleted(
                            record(json),
                            version(json, "modelVersion"),
                            whole(json, "revision"),
                            validFrom(json));
            case EventType.COMMAND_ANSWERED ->
                    new CommandAnswered(
                            text(json, "fingerprint"),
                            version(json, "status"),
                            object(json, "headers"),
                            member(json, "body"));
            case EventType.IMPORT_STARTED -> new ImportEvent.ImportStarted(ImportJson.state(json));
            case EventType.IMPORT_ADVANCED -> ImportJson.advanced(json);
            case EventType.IMPORT_ENDED -> ImportJson.ended(json);
            default -> throw new IllegalArgumentException("No event has the type " + type);
        };
    }

    static ModelName model(JsonNode json) {
        return new ModelName(text(json, "model"));
    }

    private static RecordRef record(JsonNode json) {
        return new RecordRef(model(json), new RecordId(text(json, "id")));
    }

    private static ModelDefinition definition(JsonNode json) {
        var faults = new Faults();
        var definition = ModelDefinition.read(member(json, "definition"), faults);
        if (definition == null) {
            throw new IllegalArgumentException("The definition is not valid: " + faults.list());
        }
        return definition;
    }

    private static QueryName query(JsonNode json) {
        return new QueryName(text(json, "query"));
    }

    private static QueryDefinition queryDefinition(JsonNode json) {
        var faults = new Faults();
        var definition = QueryDefinition.read(member(json, "definition"), faults);
        if (definition == null) {
            throw new IllegalArgumentException("The definition is not valid: " + faults.list());
        }
        return definition;
    }

    private static Set<String> names(JsonNode json) {
        var names = new LinkedHashSet<String>();
        member(json, "changed").forEach(name -> names.add(name.asString()));
        return names;
    }

    private static @Nullable Instant validFrom(JsonNode json) {
        if (!json.has(VALID_FROM)) {
            return null;
        }
        try {
            return Instant.parse(text(json, VALID_FROM));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + VALID_FROM + "\" is no time", e);
        }
    }

    static JsonNode member(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The payload has no \"" + name + "\"");
        }
        return value;
    }

    static String text(JsonNode json, String name) {
        JsonNode value = member(json, name);
        if (!value.isString()) {
            throw new IllegalArgumentException("\"" + name + "\" is no text");
        }
        return value.stringValue();
    }

    static ObjectNode object(JsonNode json, String name) {
        if (member(json, name) instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("\"" + name + "\" is no object");
    }

    private static int version(JsonNode json, String name) {
        JsonNode value = member(json, name);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException("\"" + name + "\" is no whole number");
        }
        return value.intValue();
    }

    static long whole(JsonNode json, String name) {
        JsonNode value = member(json, name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("\"" + name + "\" is no whole number");
        }
        return value.longValue();
    }
}
