package io.headwater.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.EventHeaders;
import io.headwater.contract.LogRewound;
import io.headwater.contract.ModelName;
import io.headwater.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes events and the relay's place to Kafka, both in one transaction, and no position twice or
/// out of turn. To make one fences every older one of the same slot.
///
/// After an exception out of a transaction it is of no more use ([#isSound]) and is to be closed:
/// what it had begun is aborted by the next one. Used by one thread.
final class Publisher implements AutoCloseable {
    /// How long a dead relay's open transaction may hold readers up, if none takes over.
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    private static final byte[] NOTHING = {};

    private final KafkaProducer<byte[], byte[]> producer;
    private final EventSender sender;
    private final RelayTopics topics;
    private final byte[] slot;
    private Optional<Place> place;
    private Optional<Published> newest;
    private boolean sound;

    /// The newest event on Kafka.
    record Published(long position, String id) {}

    /// @throws org.apache.kafka.common.KafkaException if Kafka is away
    Publisher(KafkaClients kafka, RelayTopics topics, String slot) {
        this.topics = topics;
        this.slot = slot.getBytes(UTF_8);
        this.producer = producer(kafka, slot);
        this.sender = new EventSender(producer);
        try {
            producer.initTransactions();
            closeBehindOlder();
            // Only now: what an older relay had begun is settled and it can add nothing more.
            var found = readEnds(kafka);
            this.place = found.place();
            this.newest = found.newest();
            this.sound = true;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private record Ends(Optional<Place> place, Optional<Published> newest) {
        /// Both were written in one transaction. Someone may have deleted one of the topics.
        boolean agree() {
            return place.isEmpty()
                    || newest.isEmpty()
                    || place.get().position() == newest.get().position();
        }
    }

    /// The coordinator has settled what it knows of. A partition by itself takes what an older
    /// relay sent for as long as it has not seen the newer epoch; and what it took too late would
    /// be open there until the next commit made it visible, beside the same events sent again. So
    /// each is shown the epoch, and whatever is open ends, by a transaction that is aborted.
    private void closeBehindOlder() {
        producer.beginTransaction();
        var sent =
                topics.all().stream()
                        .map(partition ->
                                producer.send(
                                        new ProducerRecord<>(
                                                partition.topic(),
                                                partition.partition(),
                                                slot,
                                                NOTHING)))
                        .toList();
        producer.flush();
        for (var record : sent) {
            if (record.state() == Future.State.FAILED) {
                throw new KafkaException(
                        "The end of a topic could not be written", record.exceptionNow());
            }
        }
        producer.abortTransaction();
    }

    private Ends readEnds(KafkaClients kafka) {
        var place =
                kafka.lastCommitted(RelayTopics.PLACE, this::isMine)
                        .map(record -> Place.fromJson(new String(record.value(), UTF_8)));
        var newest = kafka.lastCommitted(Topics.LOG, record -> true).flatMap(Publisher::published);
        var ends = new Ends(place, newest);
        if (!ends.agree()) {
            throw new Obstacle(
                    Obstacle.Kind.TOPIC_UNUSABLE,
                    "Topic %s ends at position %d, but topic %s says that position %d was the last: something else than the relay has written to one of them, or Kafka has lost records."
                            .formatted(
                                    Topics.LOG,
                                    newest.map(Published::position).orElse(0L),
                                    RelayTopics.PLACE,
                                    place.map(Place::position).orElse(0L)));
        }
        return ends;
    }

    /// Whether more can be published by it: no transaction has failed.
    boolean isSound() {
        return sound;
    }

    /// The place of this relay or of the one before; empty if there was none.
    Optional<Place> place() {
        return place;
    }

    Optional<Published> newest() {
        return newest;
    }

    /// Position of the newest event on Kafka; 0 for none.
    long head() {
        return newest.map(Published::position).orElse(0L);
    }

    /// Publishes all or nothing; on return consumers may see it.
    ///
    /// @param events the next positions, none left out; may be empty
    /// @throws IllegalStateException if a position is out of turn; nothing is published
    void publish(List<StoredEvent> events, Envelope.Origin origin, Place upTo) {
        var envelopes = new ArrayList<Envelope>(events.size());
        Set<ModelName> models = new LinkedHashSet<>();
        long next = head() + 1;
        for (var event : events) {
            if (event.position() != next) {
                throw new IllegalStateException(
                        "Position " + event.position() + " is out of turn, next is " + next);
            }
            next++;
            var envelope = Envelope.of(event, origin);
            envelopes.add(envelope);
            var model = envelope.model();
            if (model != null) {
                models.add(model);
            }
        }
        topics.prepareFor(models);
        inTransaction(() -> {
            sender.send(envelopes);
            sender.send(record(upTo));
        });
        place = Optional.of(upTo);
        if (!events.isEmpty()) {
            var last = events.getLast();
            newest = Optional.of(new Published(last.position(), last.id()));
        }
    }

    /// Publishes records that are no new positions, all or nothing.
    void correct(Collection<ProducerRecord<byte[], byte[]>> records) {
        inTransaction(() -> records.forEach(sender::send));
    }

    /// Publishes the marks of a rewind and the place from which the log goes on, all or nothing.
    void rewind(
            Collection<ProducerRecord<byte[], byte[]>> marks, LogRewound rewound, Place goesOn) {
        inTransaction(() -> {
            marks.forEach(sender::send);
            sender.send(record(goesOn));
        });
        place = Optional.of(goesOn);
        newest = published(rewound);
    }

    private void inTransaction(Runnable sends) {
        sound = false;
        producer.beginTransaction();
        sends.run();
        producer.commitTransaction();
        sound = true;
    }

    private ProducerRecord<byte[], byte[]> record(Place reached) {
        return new ProducerRecord<>(RelayTopics.PLACE, 0, slot, reached.toJson().getBytes(UTF_8));
    }

    /// How many partitions a topic has.
    int partitions(String topic) {
        return producer.partitionsFor(topic).size();
    }

    @Override
    public void close() {
        sender.close();
        producer.close(Duration.ZERO);
    }

    private boolean isMine(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.equals(record.key(), slot) && record.value() != null;
    }

    private static Optional<Published> published(ConsumerRecord<byte[], byte[]> record) {
        var rewound = Rewind.mark(record);
        if (rewound.isPresent()) {
            return published(rewound.get());
        }
        var position = text(record.headers(), EventHeaders.SEQUENCE);
        var id = text(record.headers(), EventHeaders.ID);
        if (position == null || id == null) {
            throw new Obstacle(
                    Obstacle.Kind.TOPIC_UNUSABLE,
                    "The newest record of topic %s, at offset %d, has no %s or %s: something else than the relay writes there."
                            .formatted(
                                    Topics.LOG,
                                    record.offset(),
                                    EventHeaders.SEQUENCE,
                                    EventHeaders.ID));
        }
        return Optional.of(new Published(Long.parseLong(position), id));
    }

    private static Optional<Published> published(LogRewound mark) {
        return Optional.ofNullable(mark.lastEvent()).map(id -> new Published(mark.position(), id));
    }

    static @Nullable String text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private static KafkaProducer<byte[], byte[]> producer(KafkaClients kafka, String slot) {
        var settings = kafka.settings();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "headwater.relay." + slot);
        settings.put(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                Math.toIntExact(TRANSACTION_TIMEOUT.toMillis()));
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 20_000);
        // Full batches go at once and the commit sends the rest: waiting costs no time and saves
        // requests.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1_000);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 48L << 20);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RelayTopics.MAX_MESSAGE_BYTES);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // A transaction begun right after the last is refused until the last one's markers are
        // written; with the usual 100 ms each such refusal would be felt.
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
        settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
