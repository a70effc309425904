package io.headwater.relay;

import io.debezium.connector.base.QueueProvider;
import io.debezium.pipeline.DataChangeEvent;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The queue between the thread that reads the WAL and the one that publishes, at which the latter
/// can wait for the first event. Debezium bounds it. Safe for concurrent use by one that adds and
/// one that takes.
final class ReadEvents implements QueueProvider<DataChangeEvent> {
    private final BlockingDeque<DataChangeEvent> events = new LinkedBlockingDeque<>();

    /// Waits until something is there, and no longer than that.
    void await(Duration atMost) throws InterruptedException {
        var first = events.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            events.addFirst(first); // nobody else takes
        }
    }

    @Override
    public void enqueue(DataChangeEvent event) {
        events.add(event);
    }

    @Override
    public @Nullable DataChangeEvent poll() {
        return events.poll();
    }

    @Override
    public int size() {
        return events.size();
    }

    @Override
    public String name() {
        return "headwater";
    }

    @Override
    public void configure(Map<String, ?> configuration) {}
}
