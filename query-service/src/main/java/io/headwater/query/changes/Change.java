package io.headwater.query.changes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.Json;
import io.headwater.contract.Lines;
import io.headwater.query.log.LogTable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An event as listeners get it: made once for all of them.
///
/// @param kind null for an event that is no change of a record or a model
/// @param fields which have changed; for a new record, which are set
/// @param frame the whole of its server-sent event, empty for none
@SuppressWarnings("ArrayRecordComponent") // not compared, not changed
record Change(long position, @Nullable Kind kind, String model, Set<String> fields, byte[] frame) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /// The kinds of change, and the type of the event of each.
    enum Kind {
        CREATED("headwater.RecordCreated"),
        CHANGED("headwater.RecordChanged"),
        DELETED("headwater.RecordDeleted"),
        DEFINED("headwater.ModelDefined"),
        RETIRED("headwater.ModelRetired");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        boolean isOfRecord() {
            return this != DEFINED && this != RETIRED;
        }

        static @Nullable Kind of(String type) {
            for (Kind kind : values()) {
                if (kind.type.equals(type)) {
                    return kind;
                }
            }
            return null;
        }
    }

    /// @param lines of life, to say which one the event is of
    static Change of(LogTable.Event event, Lines lines) {
        Kind kind = Kind.of(event.type());
        if (kind == null) {
            return new Change(event.position(), null, "", Set.of(), new byte[0]);
        }
        JsonNode payload = Json.mapper().readTree(event.payload());
        String model = payload.path("model").asString("");
        return new Change(
                event.position(),
                kind,
                model,
                fields(kind, payload),
                Frame.event(
                        lines.current(),
                        event.position(),
                        event.type(),
                        cloudEvent(event, kind, model, payload, lines)));
    }

    private static Set<String> fields(Kind kind, JsonNode payload) {
        return switch (kind) {
            case CREATED ->
                    payload.path("fields")
                            .propertyStream()
                            .map(f -> f.getKey())
                            .collect(Collectors.toUnmodifiableSet());
            case CHANGED ->
                    payload.path("changed")
                            .valueStream()
                            .map(f -> f.asString(""))
                            .collect(Collectors.toUnmodifiableSet());
            case DELETED, DEFINED, RETIRED -> Set.of();
        };
    }

    /// In the JSON format of CloudEvents, with what the headers on Kafka say.
    private static byte[] cloudEvent(
            LogTable.Event event, Kind kind, String model, JsonNode payload, Lines lines) {
        ObjectNode head = Json.mapper().createObjectNode();
        head.put("specversion", "1.0")
                .put("id", event.id())
                .put("type", event.type())
                .put("source", "/headwater/" + epochOf(event.position(), lines))
                .put(
                        "subject",
                        kind.isOfRecord() ? model + "/" + payload.path("id").asString("") : model)
                .put("time", TIME.format(Instant.EPOCH.plus(event.atMicros(), ChronoUnit.MICROS)))
                .put("sequence", Long.toString(event.position()));
        if (kind.isOfRecord()) {
            head.put(
                    "dataschema",
                    "/models/%s/schema?version=%d"
                            .formatted(model, payload.path("modelVersion").asInt(0)));
        }
        JsonNode metadata = Json.mapper().readTree(event.metadata());
        for (String name : new String[] {"actor", "cause", "traceparent"}) {
            if (metadata.has(name)) {
                head.put(name, metadata.path(name).asString(""));
            }
        }
        head.put("datacontenttype", "application/json");
        // The payload as it is: no number of it is read and written again.
        String open = head.toString();
        return (open.substring(0, open.length() - 1) + ",\"data\":" + event.payload() + "}")
                .getBytes(UTF_8);
    }

    /// The newest line that began before it: what older lines had there is undone.
    private static String epochOf(long position, Lines lines) {
        String epoch = lines.current();
        for (Lines.Line line : lines.all()) {
            if (line.afterPosition() < position) {
                epoch = line.epoch();
            }
        }
        return epoch;
    }
}
