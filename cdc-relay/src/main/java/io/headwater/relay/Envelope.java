package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.EventHeaders;
import io.headwater.contract.EventType;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.Topics;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// An event on its way to Kafka: what it is about, and the records it becomes. Those are made only
/// when they are asked for: of thousands that wait, each would hold several times the event's size.
///
/// @param subject what the event is about
/// @param trail what its metadata tell
record Envelope(StoredEvent event, Subject subject, Trail trail, Origin origin) {
    private static final Header SPEC_VERSION = header(EventHeaders.SPEC_VERSION, "1.0");
    private static final Header CONTENT_TYPE =
            header(EventHeaders.CONTENT_TYPE, "application/json");

    /// What the events of one line of the log have in common, made once. Used by one thread.
    static final class Origin {
        private final Header source;
        private final Map<String, ModelName> models = new HashMap<>();

        Origin(String epoch) {
            source = header(EventHeaders.SOURCE, "/headwater/" + epoch);
        }

        private Header source() {
            return source;
        }

        private ModelName model(String name) {
            return models.computeIfAbsent(name, ModelName::new);
        }
    }

    /// @throws Obstacle if a record or model event does not tell whom it is about
    static Envelope of(StoredEvent event, Origin origin) {
        try {
            return new Envelope(
                    event, Subject.of(event, origin), Trail.of(event.metadata()), origin);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new Obstacle(
                    Obstacle.Kind.UNREADABLE_EVENT,
                    "The event at position %d (id %s, type %s) cannot be read: %s. Nothing after it is published; look at its row in log.event."
                            .formatted(event.position(), event.id(), event.type(), e.getMessage()),
                    e);
        }
    }

    /// The model that the event is about; null if it is about none.
    @Nullable ModelName model() {
        return subject.model();
    }

    /// One record for the log and, of a record event, one for the model's events and one for the
    /// record's state.
    List<ProducerRecord<byte[], byte[]>> records() {
        byte[] value = event.payload().getBytes(UTF_8);
        var headers = headers();
        var model = subject.model();
        var record = subject.record();
        if (model == null) {
            return List.of(log(event.id(), value, headers));
        }
        if (record == null) {
            return List.of(log(model.value(), value, headers));
        }
        byte[] key = record.getBytes(UTF_8);
        boolean gone = event.type().equals(EventType.RECORD_DELETED);
        return List.of(
                log(model.value() + "/" + record, value, headers),
                new ProducerRecord<>(Topics.records(model), null, null, key, value, headers),
                new ProducerRecord<>(
                        Topics.state(model), null, null, key, gone ? null : value, headers));
    }

    /// The record of the state alone; of a record event.
    ProducerRecord<byte[], byte[]> state() {
        return records().getLast();
    }

    private static ProducerRecord<byte[], byte[]> log(String key, byte[] value, Headers headers) {
        return new ProducerRecord<>(Topics.LOG, 0, null, key.getBytes(UTF_8), value, headers);
    }

    Headers headers() {
        var headers = new RecordHeaders();
        headers.add(SPEC_VERSION);
        headers.add(header(EventHeaders.ID, event.id()));
        headers.add(header(EventHeaders.TYPE, event.type()));
        headers.add(origin.source());
        headers.add(header(EventHeaders.TIME, time(event.atMicros())));
        headers.add(header(EventHeaders.SEQUENCE, Long.toString(event.position())));
        headers.add(CONTENT_TYPE);
        var model = subject.model();
        if (model != null) {
            var record = subject.record();
            headers.add(
                    header(
                            EventHeaders.SUBJECT,
                            record == null ? model.value() : model.value() + "/" + record));
            if (record != null) {
                headers.add(
                        header(
                                EventHeaders.DATA_SCHEMA,
                                "/models/"
                                        + model.value()
                                        + "/schema?version="
                                        + subject.modelVersion()));
            }
        }
        add(EventHeaders.ACTOR, trail.actor(), headers);
        add(EventHeaders.CAUSE, trail.cause(), headers);
        add(EventHeaders.TRACE_PARENT, trail.traceparent(), headers);
        return headers;
    }

    private static void add(String name, @Nullable String value, Headers headers) {
        if (value != null) {
            headers.add(header(name, value));
        }
    }

    /// RFC 3339 in UTC, always with six digits of a second, so that times sort as text.
    static String time(long atMicros) {
        var at =
                LocalDateTime.ofEpochSecond(Math.floorDiv(atMicros, 1_000_000L), 0, ZoneOffset.UTC);
        var text = new StringBuilder(27);
        digits(text, at.getYear(), 4).append('-');
        digits(text, at.getMonthValue(), 2).append('-');
        digits(text, at.getDayOfMonth(), 2).append('T');
        digits(text, at.getHour(), 2).append(':');
        digits(text, at.getMinute(), 2).append(':');
        digits(text, at.getSecond(), 2).append('.');
        digits(text, Math.floorMod(atMicros, 1_000_000), 6).append('Z');
        return text.toString();
    }

    private static StringBuilder digits(StringBuilder text, int number, int width) {
        var digits = Integer.toString(number);
        return text.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    /// Who caused an event and what, as far as its metadata tell.
    record Trail(@Nullable String actor, @Nullable String cause, @Nullable String traceparent) {
        private static Trail of(String metadata) {
            String actor = null;
            String cause = null;
            String traceparent = null;
            try (var json = Json.mapper().createParser(metadata)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    var name = json.currentName();
                    if (json.nextToken() != JsonToken.VALUE_STRING) {
                        json.skipChildren();
                        continue;
                    }
                    switch (name) {
                        case "actor" -> actor = json.getString();
                        case "cause" -> cause = json.getString();
                        case "traceparent" -> traceparent = json.getString();
                        default -> {}
                    }
                }
            }
            return new Trail(actor, cause, traceparent);
        }
    }

    /// Whom an event is about, read from the head of its payload without reading the rest.
    record Subject(@Nullable ModelName model, int modelVersion, @Nullable String record) {
        private static Subject of(StoredEvent event, Origin origin) {
            if (EventType.isRecordEvent(event.type())) {
                return read(event.payload(), true, origin);
            }
            if (EventType.isModelEvent(event.type())) {
                return read(event.payload(), false, origin);
            }
            return new Subject(null, 0, null);
        }

        private static Subject read(String payload, boolean ofRecord, Origin origin) {
            String model = null;
            String record = null;
            int version = -1;
            try (JsonParser json = Json.mapper().createParser(payload)) {
                json.nextToken();
                while ((model == null || (ofRecord && (record == null || version < 0)))
                        && json.nextToken() == JsonToken.PROPERTY_NAME) {
                    var name = json.currentName();
                    json.nextToken();
                    switch (name) {
                        case "model" -> model = json.getString();
                        case "modelVersion" -> version = json.getIntValue();
                        case "id" -> record = json.getString();
                        default -> json.skipChildren();
                    }
                }
            }
            if (model == null || (ofRecord && (record == null || version < 0))) {
                throw new IllegalArgumentException(
                        ofRecord
                                ? "its payload lacks model, modelVersion or id"
                                : "its payload lacks model");
            }
            return new Subject(origin.model(model), version, ofRecord ? record : null);
        }
    }
}
