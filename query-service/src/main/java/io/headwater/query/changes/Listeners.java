package io.headwater.query.changes;

import io.headwater.query.log.LogTable;
import io.headwater.query.problem.Refusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// All who listen, and the few threads that serve them: two for what is in the ring, two that read
/// the table for those further behind. Safe for concurrent use.
@Component
class Listeners implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /// What the connection of one costs while it is open, half of it Tomcat's two buffers at the
    /// socket. See `infra/bench`, row `listeners`.
    private static final long BYTES_OF_ONE = 32 << 10;

    /// What the service needs besides.
    private static final long BYTES_OF_THE_REST = 96 << 20;

    private final LogTable log;
    private final ChangesProperties properties;
    private final long most;
    private final MeterRegistry meters;
    private final ChangeRing ring;
    private final Set<Listener> all = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    private final ExecutorService ringThreads = threads("changes-ring-");
    private final ExecutorService tableThreads = threads("changes-table-");
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("changes-clock").daemon().factory());
    private final LogTail tail;
    private volatile boolean running;

    Listeners(LogTable log, ChangesProperties properties, MeterRegistry meters) {
        this.log = log;
        this.properties = properties;
        this.most = most(properties.maxListeners(), Runtime.getRuntime().maxMemory());
        this.meters = meters;
        this.ring = new ChangeRing(properties.ringEvents(), properties.ringBytes().toBytes());
        this.tail =
                new LogTail(
                        log,
                        ring,
                        properties.pollInterval(),
                        () -> !all.isEmpty(),
                        () -> all.forEach(Listener::wake),
                        () -> all.forEach(listener -> listener.close("other-log")));
        Gauge.builder("headwater.changes.listeners", all, Set::size)
                .description("Clients that listen to GET /changes")
                .register(meters);
        Gauge.builder("headwater.changes.held.bytes", held, AtomicLong::get)
                .description("Bytes of events that listeners have taken in part")
                .register(meters);
    }

    /// One more than the heap bears would end the service for all.
    static long most(int allowed, long heap) {
        return Math.clamp((heap - BYTES_OF_THE_REST) / BYTES_OF_ONE, 1, allowed);
    }

    private static ExecutorService threads(String name) {
        return Executors.newFixedThreadPool(
                2, Thread.ofPlatform().name(name, 0).daemon().factory());
    }

    /// Takes a place, to be filled by [#add] or given back.
    ///
    /// @throws Refusal if there is none
    void takePlace() {
        if (!running || places.incrementAndGet() > most) {
            givePlaceBack();
            throw Refusal.later(
                    "too-many-listeners",
                    "Too many listen",
                    "%d listen to this instance, and no more may (headwater.changes.max-listeners, and what its heap bears); try again in a moment, or another instance"
                            .formatted(most));
        }
    }

    void givePlaceBack() {
        places.decrementAndGet();
    }

    /// @param listener that has a place
    void add(Listener listener) {
        all.add(listener);
        tail.wantedOrNot();
        if (!running) {
            listener.close("shutdown");
        }
    }

    void remove(Listener listener, String reason) {
        if (all.remove(listener)) {
            givePlaceBack();
            meters.counter("headwater.changes.closed", "reason", reason).increment();
            tail.wantedOrNot();
        }
    }

    ChangeRing ring() {
        return ring;
    }

    /// The next events from the table; null if it cannot be read just now.
    LogTable.@Nullable Page<LogTable.Event> read(long after, int bytes) {
        try {
            return log.events(after, bytes);
        } catch (RuntimeException e) {
            LOG.atDebug().log("the log cannot be read for a listener: {}", e.getMessage());
            return null;
        }
    }

    void execute(Listener listener, boolean readsTable) {
        try {
            (readsTable ? tableThreads : ringThreads).execute(listener::run);
        } catch (RejectedExecutionException e) {
            // The service is ending, and its connections with it.
        }
    }

    void fellBehind() {
        meters.counter("headwater.changes.behind").increment();
    }

    /// @return whether so much more may be held
    boolean hold(long bytes) {
        return held.addAndGet(bytes) <= properties.heldBytes().toBytes();
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    private void check() {
        long now = System.nanoTime();
        Instant time = Instant.now();
        long heartbeat = properties.heartbeat().toNanos();
        long stall = properties.stall().toNanos();
        all.forEach(listener -> listener.check(now, heartbeat, stall, time));
    }

    @Override
    public void start() {
        running = true;
        var _ = clock.scheduleWithFixedDelay(this::check, 200, 200, TimeUnit.MILLISECONDS);
    }

    /// Before the web server waits for its requests to end, these would not by themselves.
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    @Override
    public void stop() {
        running = false;
        all.forEach(listener -> listener.close("shutdown"));
        clock.shutdownNow();
        ringThreads.shutdown();
        tableThreads.shutdown();
        tail.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
