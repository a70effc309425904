package io.headwater.bench.pipeline;

import io.headwater.bench.load.LogFill;
import io.headwater.bench.load.PgOutputReader;
import io.headwater.bench.load.Platform;
import io.headwater.bench.load.Progression;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Sample;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Spread;
import io.headwater.bench.measure.Turns;
import io.headwater.local.LocalCluster;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The relay, as a fresh process, works two backlogs off: over the first it warms up, over the
/// second its clock runs, by what a consumer can see. Beside it a raw reader goes through the same
/// WAL.
final class RelayBacklog {
    static final Row ROW =
            new Row(
                    "relay",
                    "relay to Kafka, working off a backlog",
                    "raw pgoutput reader of the same WAL",
                    "events/s",
                    new Bar.RatioAtLeast(0.5));

    private static final String SLOT = "bench_raw";
    // About what group commit puts into a transaction with 32 callers.
    private static final int PER_TRANSACTION = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Platform platform;
    private final Session session;
    private final LocalCluster cluster;
    private final List<Double> warmUps = new ArrayList<>();

    RelayBacklog(Platform platform, Session session) {
        this.platform = platform;
        this.session = session;
        this.cluster = platform.local().cluster();
    }

    List<Finding> measure() throws Exception {
        List<Round> rounds = new ArrayList<>();
        int backlog = session.plan().backlog();
        for (int i = 0; i < session.plan().longRounds(); i++) {
            platform.local().relay().stop();
            PgOutputReader.makeSlot(cluster, SLOT);
            session.say("  filling in %,d events".formatted(2 * backlog));
            long head = fill(2 * backlog);
            if (i % 2 == 0) {
                Sample raw = Turns.sample(slice -> raw(2 * backlog), Duration.ZERO);
                rounds.add(new Round(relay(head - backlog, head), raw));
            } else {
                Sample relay = relay(head - backlog, head);
                platform.local().relay().stop();
                rounds.add(new Round(relay, Turns.sample(slice -> raw(2 * backlog), Duration.ZERO)));
            }
        }
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("backlog", backlog);
        notes.put("eventsPerTransaction", PER_TRANSACTION);
        notes.put(
                "startAndWarmUpSeconds",
                Spread.of(warmUps.stream().mapToDouble(Double::doubleValue).toArray()).median());
        return List.of(new Finding(ROW, rounds, notes));
    }

    /// Leaves the log's events on Kafka, with nothing measured.
    void prepare() throws Exception {
        platform.local().relay().stop();
        long head = fill(2 * session.plan().backlog());
        relay(head - session.plan().backlog(), head);
    }

    private long fill(int events) throws Exception {
        try (Connection connection = cluster.superuser()) {
            long head = LogFill.fill(connection, events, PER_TRANSACTION, done -> {});
            LogFill.settle(connection);
            return head;
        }
    }

    private double raw(int events) throws Exception {
        try (PgOutputReader reader = new PgOutputReader(cluster, SLOT)) {
            return reader.perSecond(events);
        } finally {
            PgOutputReader.dropSlot(cluster, SLOT);
        }
    }

    private Sample relay(long from, long head) throws Exception {
        try (KafkaTail tail = new KafkaTail(cluster.bootstrapServers())) {
            Progression seen =
                    Progression.watch(
                            platform.local().relay()::start, tail::look, from, head, PATIENCE);
            warmUps.add(seen.secondsBefore());
            return seen.sample();
        }
    }
}
