package io.headwater.eventstore;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.eventstore.axon.LogStorageEngine;
import io.headwater.local.LocalCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.conversion.json.JacksonConverter;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;

/// A quick look at the rate of appends beside raw JDBC, for tuning; not a test. Run it by hand:
/// `AppendBench [seconds] [millions of events to fill in first]`.
final class AppendBench {

    private static final int CALLERS = 32;
    private static final String PAYLOAD = "{\"text\":\"" + "x".repeat(288) + "\"}";

    private final TestDatabase database;
    private final HikariDataSource raw;
    private final Duration each;

    private AppendBench(TestDatabase database, Duration each) {
        this.database = database;
        this.raw = database.pool(database.url(), "postgres", CALLERS);
        this.each = each;
    }

    @FunctionalInterface
    interface Operation {
        void run(int caller) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Duration each = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 5);
        int fill = args.length > 1 ? Integer.parseInt(args[1]) * 1_000_000 : 0;
        Path folder = Files.createTempDirectory("append-bench-");
        // A folder of its own, so that it is durable: fsync is on.
        LocalCluster cluster = LocalCluster.builder().inFolder(folder).start();
        try (TestDatabase database = TestDatabase.createOn(cluster)) {
            new AppendBench(database, each).run(fill);
        } finally {
            cluster.primary().kill();
            cluster.close();
            System.out.println("data in " + folder);
        }
        System.exit(0);
    }

    private void run(int fill) throws Exception {
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE plain (id bigserial PRIMARY KEY, payload text NOT NULL)");
        }
        rounds("warm-up", 1);
        rounds("10 thousand", 2);
        if (fill > 0) {
            fill(fill);
            rounds(fill + " events", 2);
        }
    }

    private void rounds(String what, int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            System.out.println("-- " + what);
            try (EventLog log = new EventLog(database.appender())) {
                double plain =
                        measure(
                                "raw JDBC INSERT + COMMIT",
                                0,
                                caller -> {
                                    try (Connection connection = raw.getConnection();
                                            PreparedStatement insert =
                                                    connection.prepareStatement(
                                                            "INSERT INTO plain (payload) VALUES (?)")) {
                                        insert.setString(1, PAYLOAD);
                                        insert.executeUpdate();
                                    }
                                });
                measure("append", plain, caller -> append(log, AppendCondition.always(), record()));
                measure(
                        "append with condition",
                        plain,
                        caller -> {
                            String tag = record();
                            append(log, AppendCondition.noneOf(0, Criterion.tagged(tag)), tag);
                        });
                LogStorageEngine engine =
                        new LogStorageEngine(
                                log, new JacksonConverter(), Set.of("record", "model"));
                measure(
                        "source and append through the engine",
                        plain,
                        caller -> sourceAndAppend(engine));
                measure(
                        "append with condition and hot tag",
                        plain,
                        caller -> {
                            String tag = record();
                            append(
                                    log,
                                    AppendCondition.noneOf(0, Criterion.tagged(tag)),
                                    tag,
                                    "model=hot");
                        });
            }
        }
    }

    private static void sourceAndAppend(LogStorageEngine engine) {
        Set<Tag> own = Set.of(Tag.of("record", "customer/" + UUID.randomUUID()));
        EventCriteria criteria =
                EventCriteria.either(
                        EventCriteria.havingTags(own),
                        EventCriteria.havingTags(Tag.of("model", "customer")));
        ConsistencyMarker marker =
                engine.source(SourcingCondition.conditionFor(criteria), null)
                        .reduce(ConsistencyMarker.ORIGIN, AppendBench::marker)
                        .join();
        EventMessage event =
                new GenericEventMessage(
                        new MessageType("headwater.RecordCreated", "1"),
                        PAYLOAD.getBytes(StandardCharsets.UTF_8));
        engine.appendEvents(
                        org.axonframework.eventsourcing.eventstore.AppendCondition.withCriteria(
                                        criteria)
                                .withMarker(marker),
                        null,
                        List.<TaggedEventMessage<?>>of(new GenericTaggedEventMessage<>(event, own)))
                .thenCompose(transaction -> transaction.commit(null))
                .join();
    }

    private static ConsistencyMarker marker(
            ConsistencyMarker last, MessageStream.Entry<EventMessage> entry) {
        ConsistencyMarker marker = entry.getResource(ConsistencyMarker.RESOURCE_KEY);
        return marker == null ? last : marker;
    }

    private static String record() {
        return "record=customer/" + UUID.randomUUID();
    }

    private static void append(EventLog log, AppendCondition condition, String... tags) {
        // What Axon would use.
        UUID id = UUID.fromString(IdentifierFactory.getInstance().generateIdentifier());
        NewEvent event =
                new NewEvent(id, "headwater.RecordCreated", "1", 1L, PAYLOAD, "{}", List.of(tags));
        log.append(new AppendRequest(List.of(event), condition)).join();
    }

    private double measure(String what, double yardstick, Operation operation) throws Exception {
        LongAdder done = new LongAdder();
        long begin = System.nanoTime();
        long end = begin + each.toNanos();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<long[]>> all =
                    IntStream.range(0, CALLERS)
                            .mapToObj(caller ->
                                    callers.submit(() -> {
                                        long[] latencies = new long[1_000_000];
                                        int n = 0;
                                        for (long now = System.nanoTime(); now < end; n++) {
                                            operation.run(caller);
                                            long later = System.nanoTime();
                                            latencies[n] = later - now;
                                            now = later;
                                            done.increment();
                                        }
                                        return Arrays.copyOf(latencies, n);
                                    }))
                            .toList();
            long[] latencies = new long[0];
            for (Future<long[]> one : all) {
                long[] more = one.get();
                int n = latencies.length;
                latencies = Arrays.copyOf(latencies, n + more.length);
                System.arraycopy(more, 0, latencies, n, more.length);
            }
            Arrays.sort(latencies);
            double rate = done.sum() / ((System.nanoTime() - begin) / 1e9);
            System.out.printf(
                    "%-40s %8.0f/s  p50 %.2f ms  p99 %.2f ms  %s%n",
                    what,
                    rate,
                    latencies[latencies.length / 2] / 1e6,
                    latencies[(int) (latencies.length * 0.99)] / 1e6,
                    yardstick == 0 ? "" : "%.2f of raw".formatted(rate / yardstick));
            return rate;
        }
    }

    private void fill(int events) throws Exception {
        long begin = System.nanoTime();
        try (Connection connection = database.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO log.event
                    SELECT h.head + n, gen_random_uuid(), 'headwater.RecordCreated', '1', n, '%s', '{}',
                           ARRAY['record=customer/' || gen_random_uuid()]
                      FROM (SELECT max(position) AS head FROM log.event) h, generate_series(1, %d) n
                    """
                            .formatted(PAYLOAD, events));
            statement.execute(
                    """
                    INSERT INTO log.event_tag
                    SELECT tags[1], position, type FROM log.event
                    ON CONFLICT DO NOTHING
                    """);
            statement.execute("VACUUM ANALYZE log.event");
            statement.execute("VACUUM ANALYZE log.event_tag");
            statement.execute("CHECKPOINT");
        }
        System.out.printf(
                "filled %d events in %d s%n", events, (System.nanoTime() - begin) / 1_000_000_000);
    }
}
