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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes events and the relay's place to Kafka, both in one transaction, and no position twice or
/// out of turn. To make one fences every older one of the same slot.
///
/// After an exception out of a transaction it is of no more use ([#isSound]) and is to be closed:
/// what it had begun is aborted by the next one. Used by one thread.
final class Publisher implements AutoCloseable {
    /// How long a dead relay's open transaction may hold readers up, if none takes over.
    static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final byte[] NOTHING = {};
    private static final Logger log = LoggerFactory.getLogger(Publisher.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final EventSender sender;
    private final OpenEnds ends;
    private final RelayTopics topics;
    private final byte[] slot;
    private Optional<Place> place;
    private Optional<Published> newest;
    private boolean sound;
    private final Set<ModelName> notLookedAt = new HashSet<>();
    private boolean looked = true;
    private long publishedAt;
    private long lookedAt;

    /// The newest event on Kafka.
    record Published(long position, String id) {}

    /// @throws org.apache.kafka.common.KafkaException if Kafka is away
    Publisher(KafkaClients kafka, RelayTopics topics, String slot) {
        this.topics = topics;
        this.slot = slot.getBytes(UTF_8);
        this.producer = producer(kafka, slot);
        this.sender = new EventSender(producer);
        this.ends = new OpenEnds(kafka);
        try {
            producer.initTransactions();
            var partitions = topics.all();
            var open = ends.records(partitions);
            closeBehindOlder(partitions);
            sendAgain(kafka, open, partitions);
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
            return place.isEmpty() || newest.isEmpty() || placed() == logged();
        }

        long placed() {
            return place.map(Place::position).orElse(0L);
        }

        long logged() {
            return newest.map(Published::position).orElse(0L);
        }

        long reached() {
            return Math.max(placed(), logged());
        }
    }

    /// The coordinator has settled what it knows of. A partition by itself takes what an older
    /// relay sent for as long as it has not seen the newer epoch; and what it took too late would
    /// be open there until the next commit made it visible, beside the same events sent again. So
    /// each is shown the epoch, and whatever is open ends, by a transaction that is aborted.
    private void closeBehindOlder(List<TopicPartition> partitions) {
        producer.beginTransaction();
        var sent =
                partitions.stream()
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
        ends.awaitNone(partitions);
    }

    /// Sends again what was committed with a transaction that some partitions knew of and these did
    /// not. Had none known, it were as if it had never been: it is published from the log then.
    private void sendAgain(
            KafkaClients kafka,
            List<ConsumerRecord<byte[], byte[]>> open,
            List<TopicPartition> partitions) {
        if (open.isEmpty()) {
            return;
        }
        long end = open.stream().mapToLong(this::position).max().orElse(0);
        long reached = ends(kafka).reached();
        long committed = end > reached && isBeyond(kafka, reached, open) ? end : reached;
        var again =
                open.stream()
                        .filter(record -> {
                            long position = position(record);
                            return position > 0 && position <= committed;
                        })
                        .toList();
        log.atWarn()
                .addKeyValue("open", open.size())
                .addKeyValue("sentAgain", again.size())
                .log("Kafka had left a transaction open in some partitions");
        if (!again.isEmpty()) {
            correct(
                    again.stream()
                            .map(record ->
                                    new ProducerRecord<>(
                                            record.topic(),
                                            record.partition(),
                                            record.key(),
                                            record.value(),
                                            record.headers()))
                            .toList());
            ends.awaitNone(partitions);
        }
    }

    /// Whether a model's topic has an event of the open transaction committed, while the log's end
    /// does not show it.
    private boolean isBeyond(
            KafkaClients kafka, long reached, List<ConsumerRecord<byte[], byte[]>> open) {
        return open.stream()
                .filter(record -> record.topic().equals(Topics.LOG))
                .flatMap(record ->
                        Optional.ofNullable(text(record.headers(), EventHeaders.SUBJECT)).stream())
                .filter(subject -> subject.contains("/"))
                .map(subject -> new ModelName(subject.substring(0, subject.indexOf('/'))))
                .distinct()
                .flatMap(this::partitions)
                .anyMatch(partition ->
                        kafka.lastCommitted(partition, record -> position(record) > 0)
                                .filter(record -> position(record) > reached)
                                .isPresent());
    }

    /// Of the topics of a model.
    private Stream<TopicPartition> partitions(ModelName model) {
        return Stream.of(Topics.records(model), Topics.state(model))
                .flatMap(topic -> producer.partitionsFor(topic).stream())
                .map(part -> new TopicPartition(part.topic(), part.partition()));
    }

    /// Position of the event, or of the place, that a record of the relay's has; 0 for none.
    private long position(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(RelayTopics.PLACE)) {
            return isMine(record) && record.value().length > 0 ? placeOf(record).position() : 0;
        }
        var sequence = text(record.headers(), EventHeaders.SEQUENCE);
        return sequence == null ? 0 : Long.parseLong(sequence);
    }

    private static Place placeOf(ConsumerRecord<byte[], byte[]> record) {
        return Place.fromJson(new String(record.value(), UTF_8));
    }

    private Ends ends(KafkaClients kafka) {
        return new Ends(
                kafka.lastCommitted(RelayTopics.PLACE, this::isMine).map(Publisher::placeOf),
                kafka.lastCommitted(Topics.LOG, record -> true).flatMap(Publisher::published));
    }

    private Ends readEnds(KafkaClients kafka) {
        var ends = ends(kafka);
        if (!ends.agree()) {
            throw new Obstacle(
                    Obstacle.Kind.TOPIC_UNUSABLE,
                    "Topic %s ends at position %d, but topic %s says that position %d was the last: something else than the relay has written to one of them, or Kafka has lost records."
                            .formatted(
                                    Topics.LOG, ends.logged(), RelayTopics.PLACE, ends.placed()));
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
            notLookedAt.addAll(models);
            looked = false;
            publishedAt = System.nanoTime();
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
        awaitNone(topics.all());
        place = Optional.of(goesOn);
        newest = published(rewound);
    }

    /// Looks, once it has been quiet for a second or after ten, whether readers see what was
    /// published since the last look. Then nothing of the relay's may be open.
    ///
    /// @throws KafkaException if they do not; a new publisher makes up for it
    void lookAtEnds() {
        long now = System.nanoTime();
        if (looked
                || (now - publishedAt < QUIET.toNanos() && now - lookedAt < LOOK_EVERY.toNanos())) {
            return;
        }
        awaitNone(
                Stream.concat(
                                Stream.of(
                                        new TopicPartition(Topics.LOG, 0),
                                        new TopicPartition(RelayTopics.PLACE, 0)),
                                notLookedAt.stream().flatMap(this::partitions))
                        .toList());
        notLookedAt.clear();
        looked = true;
        lookedAt = now;
    }

    private void awaitNone(List<TopicPartition> partitions) {
        sound = false;
        ends.awaitNone(partitions);
        sound = true;
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
        ends.close();
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
