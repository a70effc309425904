package io.headwater.relay;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/// What the relay tells Prometheus. Safe for concurrent use.
final class RelayMetrics {
    private final DistributionSummary batch;
    private final LongAdder events = new LongAdder();

    RelayMetrics(MeterRegistry registry, RelayState state) {
        batch =
                DistributionSummary.builder("headwater.relay.batch")
                        .description("Events in one Kafka transaction")
                        .baseUnit("events")
                        .register(registry);
        FunctionCounter.builder("headwater.relay.events", events, LongAdder::sum)
                .description("Events published since the start")
                .register(registry);
        gauge(registry, state, "position", "Newest position on Kafka", RelayState::position);
        gauge(
                registry,
                state,
                "leading",
                "1 while this relay leads, else 0",
                now -> now.role() == RelayState.Role.LEADING ? 1 : 0);
        gauge(
                registry,
                state,
                "blocked",
                "1 while something stands in the way, else 0",
                now -> now.obstacle() == null ? 0 : 1);
        log(registry, state, "log.head", "Newest position in the log", RelayState.LogNumbers::head);
        gauge(
                registry,
                state,
                "behind.positions",
                "Events in the log and not on Kafka",
                now -> {
                    var seen = now.log();
                    return seen == null ? Double.NaN : Math.max(0, seen.head() - now.position());
                });
        log(
                registry,
                state,
                "behind.milliseconds",
                "Age of the oldest event that is not on Kafka",
                RelayState.LogNumbers::oldestUnpublishedMillis);
        log(
                registry,
                state,
                "behind.bytes",
                "WAL written and not acknowledged by the relay",
                RelayState.LogNumbers::bytesBehind);
        log(
                registry,
                state,
                "wal.retained.bytes",
                "WAL that the server keeps for the relay's slot",
                RelayState.LogNumbers::walRetained);
        counter(registry, "transactions", "Kafka transactions committed", state.transactions);
        counter(registry, "fencings", "Times a newer relay took over", state.fencings);
        counter(
                registry,
                "reader.restarts",
                "Times reading the WAL ended and began anew",
                state.readerRestarts);
        counter(
                registry,
                "made.up",
                "Events published from the table instead of the WAL",
                state.madeUp);
    }

    void published(List<StoredEvent> published) {
        batch.record(published.size());
        events.add(published.size());
    }

    private static void gauge(
            MeterRegistry registry,
            RelayState state,
            String name,
            String what,
            ToDoubleFunction<RelayState> value) {
        Gauge.builder("headwater.relay." + name, state, value)
                .description(what)
                .strongReference(true)
                .register(registry);
    }

    private static void log(
            MeterRegistry registry,
            RelayState state,
            String name,
            String what,
            ToDoubleFunction<RelayState.LogNumbers> value) {
        gauge(
                registry,
                state,
                name,
                what,
                now -> {
                    var seen = now.log();
                    return seen == null ? Double.NaN : value.applyAsDouble(seen);
                });
    }

    private static void counter(MeterRegistry registry, String name, String what, LongAdder count) {
        FunctionCounter.builder("headwater.relay." + name, count, LongAdder::sum)
                .description(what)
                .register(registry);
    }
}
