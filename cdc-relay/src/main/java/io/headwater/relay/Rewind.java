package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.EventHeaders;
import io.headwater.contract.EventType;
import io.headwater.contract.Lines;
import io.headwater.contract.LogRewound;
import io.headwater.contract.ModelName;
import io.headwater.contract.Topics;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells consumers that the log was restored to an earlier point. What Kafka has is never taken
/// out; so each topic that has undone events gets a [LogRewound] behind them, and each record that
/// they were about its state of before. Used by one thread.
///
/// States come first, marks and the relay's place last and together: a relay killed in between does
/// all of it again, and a state said twice is the same state.
final class Rewind {
    private static final int RECORDS_AT_ONCE = 1_000;
    private static final Logger log = LoggerFactory.getLogger(Rewind.class);

    private final KafkaClients kafka;
    private final RelayTopics topics;
    private final Publisher publisher;
    private final Ledger ledger;
    private final Lines lines;

    Rewind(
            KafkaClients kafka,
            RelayTopics topics,
            Publisher publisher,
            Ledger ledger,
            Lines lines) {
        this.kafka = kafka;
        this.topics = topics;
        this.publisher = publisher;
        this.ledger = ledger;
        this.lines = lines;
    }

    /// The mark that a record of a topic is; empty if it is an event.
    static Optional<LogRewound> mark(ConsumerRecord<byte[], byte[]> record) {
        return EventType.LOG_REWOUND.equals(Publisher.text(record.headers(), EventHeaders.TYPE))
                ? Optional.of(LogRewound.fromJson(new String(record.value(), UTF_8)))
                : Optional.empty();
    }

    /// Brings Kafka to the log's line of life, if it is on another.
    ///
    /// @param lsn where the slot begins
    /// @return whether Kafka was on another line
    /// @throws Obstacle if the two have no line in common
    boolean ifNeeded(ServerCheck.Identity server, LogSequenceNumber lsn) throws SQLException {
        var place = publisher.place();
        if (place.isEmpty() || place.get().epoch().equals(lines.current())) {
            return false;
        }
        var from = place.get().epoch();
        long position = Math.min(commonWith(from), publisher.head());
        var last = position == 0 ? Optional.<ConsumerRecord<byte[], byte[]>>empty() : at(position);
        var mark =
                new LogRewound(
                        lines.current(),
                        from,
                        position,
                        position == 0 ? null : idOf(position, last));
        var undone = undoneAfter(last.map(ConsumerRecord::offset).orElse(-1L));
        log.atWarn()
                .addKeyValue("from", from)
                .addKeyValue("to", lines.current())
                .addKeyValue("position", position)
                .addKeyValue("undone", publisher.head() - position)
                .addKeyValue("records", undone.size())
                .log("the log was restored to an earlier point; rewinding Kafka");
        publishStates(undone, mark);
        publisher.rewind(
                marks(undone, mark),
                mark,
                new Place(server.systemId(), server.timeline(), lsn, lines.current(), position));
        return true;
    }

    /// A line that the server does not know is one that an earlier rewind began; its mark tells
    /// where.
    private long commonWith(String epoch) {
        var known = lines.commonWith(epoch);
        if (known.isPresent()) {
            return known.getAsLong();
        }
        var began =
                kafka.lastCommitted(
                                Topics.LOG,
                                record ->
                                        mark(record)
                                                .filter(m -> m.epoch().equals(epoch))
                                                .isPresent())
                        .flatMap(Rewind::mark)
                        .orElseThrow(() ->
                                otherHistory(
                                        "Kafka holds events of the log's line of life %s, which log.epoch does not know"
                                                .formatted(epoch)));
        return Math.min(began.position(), commonWith(began.from()));
    }

    private Optional<ConsumerRecord<byte[], byte[]>> at(long position) {
        return kafka.lastCommitted(Topics.LOG, record -> sequence(record) <= position);
    }

    private String idOf(long position, Optional<ConsumerRecord<byte[], byte[]>> onKafka)
            throws SQLException {
        var id = ledger.idAt(position);
        var theirs =
                onKafka.filter(record -> sequence(record) == position)
                        .map(record ->
                                mark(record)
                                        .map(LogRewound::lastEvent)
                                        .orElse(Publisher.text(record.headers(), EventHeaders.ID)))
                        .orElse("nothing");
        if (id == null || !id.equals(theirs)) {
            throw otherHistory(
                    "Both should have the events up to position %d, but Kafka has %s there and log.event has %s"
                            .formatted(position, theirs, id == null ? "nothing" : id));
        }
        return id;
    }

    private static Obstacle otherHistory(String words) {
        return new Obstacle(
                Obstacle.Kind.OTHER_HISTORY,
                words
                        + ": this log is not the one that Kafka was filled from. Publishing nothing, so that the two do not mix.");
    }

    private static long sequence(ConsumerRecord<byte[], byte[]> record) {
        var text = Publisher.text(record.headers(), EventHeaders.SEQUENCE);
        return text == null ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /// `<model>/<id>` of each record that an event after that offset is about.
    private Set<String> undoneAfter(long offset) {
        var records = new LinkedHashSet<String>();
        kafka.eachCommitted(
                Topics.LOG,
                offset + 1,
                record -> {
                    var type = Publisher.text(record.headers(), EventHeaders.TYPE);
                    var subject = Publisher.text(record.headers(), EventHeaders.SUBJECT);
                    if (type != null && EventType.isRecordEvent(type) && subject != null) {
                        records.add(subject);
                    }
                });
        return records;
    }

    private void publishStates(Set<String> undone, LogRewound mark) throws SQLException {
        topics.prepareFor(models(undone));
        var origin = new Envelope.Origin(mark.epoch());
        var left = List.copyOf(undone);
        for (int i = 0; i < left.size(); i += RECORDS_AT_ONCE) {
            var some = left.subList(i, Math.min(left.size(), i + RECORDS_AT_ONCE));
            var gone = new HashSet<>(some);
            var states = new ArrayList<ProducerRecord<byte[], byte[]>>();
            for (var event : ledger.newestOf(some, mark.position())) {
                var envelope = Envelope.of(event, origin);
                states.add(envelope.state());
                gone.remove(envelope.model() + "/" + envelope.subject().record());
            }
            gone.forEach(record -> states.add(tombstone(record, mark)));
            publisher.correct(states);
        }
    }

    /// For a record that the log does not have any more.
    private static ProducerRecord<byte[], byte[]> tombstone(String record, LogRewound mark) {
        int slash = record.indexOf('/');
        var headers = headers(mark);
        headers.add(Envelope.header(EventHeaders.SUBJECT, record));
        return new ProducerRecord<>(
                Topics.state(new ModelName(record.substring(0, slash))),
                null,
                null,
                record.substring(slash + 1).getBytes(UTF_8),
                null,
                headers);
    }

    private List<ProducerRecord<byte[], byte[]>> marks(Set<String> undone, LogRewound mark) {
        var marks = new ArrayList<ProducerRecord<byte[], byte[]>>();
        marks.add(mark(Topics.LOG, 0, mark));
        for (var model : models(undone)) {
            var topic = Topics.records(model);
            for (int partition = 0; partition < publisher.partitions(topic); partition++) {
                marks.add(mark(topic, partition, mark));
            }
        }
        return marks;
    }

    private static ProducerRecord<byte[], byte[]> mark(
            String topic, int partition, LogRewound mark) {
        return new ProducerRecord<>(
                topic,
                partition,
                null,
                mark.epoch().getBytes(UTF_8),
                mark.toJson().getBytes(UTF_8),
                headers(mark));
    }

    private static Headers headers(LogRewound mark) {
        var headers = new RecordHeaders();
        headers.add(Envelope.header(EventHeaders.SPEC_VERSION, "1.0"));
        headers.add(
                Envelope.header(
                        EventHeaders.ID,
                        UUID.nameUUIDFromBytes(mark.toJson().getBytes(UTF_8)).toString()));
        headers.add(Envelope.header(EventHeaders.TYPE, EventType.LOG_REWOUND));
        headers.add(Envelope.header(EventHeaders.SOURCE, "/headwater/" + mark.epoch()));
        headers.add(
                Envelope.header(
                        EventHeaders.TIME,
                        Envelope.time(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))));
        headers.add(Envelope.header(EventHeaders.SEQUENCE, Long.toString(mark.position())));
        headers.add(Envelope.header(EventHeaders.CONTENT_TYPE, "application/json"));
        return headers;
    }

    private static Set<ModelName> models(Set<String> records) {
        var models = new LinkedHashSet<ModelName>();
        records.forEach(
                record -> models.add(new ModelName(record.substring(0, record.indexOf('/')))));
        return models;
    }
}
