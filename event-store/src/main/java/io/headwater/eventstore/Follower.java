package io.headwater.eventstore;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Reads the log as it grows, each matching event once, in order. Belongs to one thread.
public final class Follower implements AutoCloseable {

    private final EventReader reader;
    private final List<Criterion> criteria;
    private final int batch;
    private final Semaphore grown = new Semaphore(0);
    private final HeadWatch watch;
    private final List<Registration> listening = new CopyOnWriteArrayList<>();
    private boolean waits;
    private long position;

    Follower(EventReader reader, HeadWatch watch, List<Criterion> criteria, long after, int batch) {
        this.reader = reader;
        this.criteria = List.copyOf(criteria);
        this.batch = batch;
        this.position = after;
        this.watch = watch;
    }

    /// Calls back, in a thread of its own, whenever the log has grown, until this is closed. Calls
    /// may be merged.
    public void onGrowth(Runnable callback) {
        listening.add(watch.listen(callback));
    }

    /// Every matching event up to here was handed out.
    public long position() {
        return position;
    }

    /// The next events, without waiting.
    ///
    /// @return at most a batch; empty if there are none yet
    public List<StoredEvent> poll() {
        Page page = reader.page(criteria, position, Long.MAX_VALUE, batch);
        position = page.upTo();
        return page.events();
    }

    /// The next events; waits for some, at most `wait`.
    ///
    /// @return at most a batch; empty if none came in time
    public List<StoredEvent> next(Duration wait) throws InterruptedException {
        if (!waits) {
            onGrowth(grown::release);
            waits = true;
        }
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            // Drained before the read: what is appended after the read begins leaves a permit.
            grown.drainPermits();
            List<StoredEvent> events = poll();
            if (!events.isEmpty()
                    || !grown.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return events;
            }
        }
    }

    @Override
    public void close() {
        listening.forEach(Registration::end);
    }
}
