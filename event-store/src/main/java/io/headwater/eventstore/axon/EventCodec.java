package io.headwater.eventstore.axon;

import io.headwater.eventstore.AppendCondition;
import io.headwater.eventstore.Criterion;
import io.headwater.eventstore.NewEvent;
import io.headwater.eventstore.StoredEvent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.axonframework.common.TypeReference;
import org.axonframework.conversion.Converter;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.EventCriterion;
import org.axonframework.messaging.eventstreaming.Tag;

/// Translates between Axon's events, tags and criteria and those of the log. Safe for concurrent
/// use.
final class EventCodec {

    private static final Type STRING_MAP = new TypeReference<Map<String, String>>() {}.getType();
    private static final String NO_METADATA = "{}";

    private final Converter converter;

    /// @param converter turns payloads and metadata into JSON, UTF-8, and metadata back
    EventCodec(Converter converter) {
        this.converter = converter;
    }

    List<NewEvent> toLog(List<TaggedEventMessage<?>> events) {
        List<NewEvent> translated = new ArrayList<>(events.size());
        for (TaggedEventMessage<?> event : events) {
            translated.add(toLog(event.event(), event.tags()));
        }
        return translated;
    }

    private NewEvent toLog(EventMessage event, Set<Tag> tags) {
        byte[] payload = event.payloadAs(byte[].class, converter);
        if (payload == null) {
            throw new EventStoreException("Event " + event.identifier() + " has no payload");
        }
        return new NewEvent(
                id(event),
                event.type().qualifiedName().fullName(),
                event.type().version(),
                micros(event.timestamp()),
                text(payload, event),
                metadata(event),
                tags.stream().map(EventCodec::tag).sorted().toList());
    }

    /// The payload is left as the bytes of its JSON; Axon converts it where it is handled.
    EventMessage toAxon(StoredEvent event) {
        return new GenericEventMessage(
                event.id().toString(),
                new MessageType(new QualifiedName(event.type()), event.version()),
                event.payload().getBytes(StandardCharsets.UTF_8),
                metadata(event),
                Instant.EPOCH.plus(event.atMicros(), ChronoUnit.MICROS));
    }

    List<Criterion> criteria(EventCriteria criteria) {
        Set<EventCriterion> flat = criteria.flatten();
        if (flat.isEmpty()) {
            return List.of(Criterion.everyEvent());
        }
        List<Criterion> translated = new ArrayList<>(flat.size());
        for (EventCriterion criterion : flat) {
            translated.add(
                    new Criterion(
                            criterion.types().stream()
                                    .map(QualifiedName::fullName)
                                    .collect(Collectors.toUnmodifiableSet()),
                            criterion.tags().stream()
                                    .map(EventCodec::tag)
                                    .collect(Collectors.toUnmodifiableSet())));
        }
        return translated;
    }

    AppendCondition condition(
            org.axonframework.eventsourcing.eventstore.AppendCondition condition) {
        if (ConsistencyMarker.INFINITY.equals(condition.consistencyMarker())) {
            return AppendCondition.always();
        }
        // Before the first event there is no position; the origin says so with a negative one.
        long after =
                Math.max(0, GlobalIndexConsistencyMarker.position(condition.consistencyMarker()));
        return new AppendCondition(criteria(condition.criteria()), after);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private static UUID id(EventMessage event) {
        try {
            return UUID.fromString(event.identifier());
        } catch (IllegalArgumentException e) {
            throw new EventStoreException(
                    "The id of an event must be a UUID, not '" + event.identifier() + "'", e);
        }
    }

    private static String tag(Tag tag) {
        if (tag.key().indexOf('=') >= 0) {
            throw new EventStoreException(
                    "The key of a tag must not contain '=': '" + tag.key() + "'");
        }
        return tag.key() + "=" + tag.value();
    }

    private static String text(byte[] json, EventMessage event) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        } catch (CharacterCodingException e) {
            throw new EventStoreException(
                    "The payload of event " + event.identifier() + " is not UTF-8", e);
        }
    }

    private String metadata(EventMessage event) {
        if (event.metadata().isEmpty()) {
            return NO_METADATA;
        }
        byte[] json = converter.convert(event.metadata(), byte[].class);
        return json == null ? NO_METADATA : text(json, event);
    }

    private Map<String, String> metadata(StoredEvent event) {
        if (event.metadata().equals(NO_METADATA)) {
            return Map.of();
        }
        Map<String, String> metadata =
                converter.convert(event.metadata().getBytes(StandardCharsets.UTF_8), STRING_MAP);
        return metadata == null ? Map.of() : metadata;
    }
}
