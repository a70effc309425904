package io.headwater.eventstore;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;

/// The event log: events in one order, appended on a condition, read by criteria. Safe for
/// concurrent use.
///
/// Any number of processes may append to one log. Positions begin at 1, have no gaps, and are the
/// order of commits: whoever has read up to a position has missed nothing before it.
///
/// While the database is away, calls wait for it within [Patience#outage], then throw
/// [EventLogException.Unavailable].
public final class EventLog implements AutoCloseable {

    private static final int PAGE = 500;

    private final Patience patience;
    private final Admission admission;
    private final AppendQueue queue;
    private final ExecutorService completions = Executors.newVirtualThreadPerTaskExecutor();
    private final EventReader reader;
    private final SharedReads shared;
    private final HeadWatch watch;
    private final Appender appender;

    public EventLog(DataSource database) {
        this(database, AppendLimits.defaults(), Patience.defaults());
    }

    /// @param database hands out connections of a role that is a member of `log_appender`. One is
    ///   kept for appending as long as the log is open, the others are given back after each call
    public EventLog(DataSource database, AppendLimits limits, Patience patience) {
        this.patience = patience;
        this.admission = new Admission(limits);
        this.queue = new AppendQueue(limits);
        this.reader = new EventReader(database, patience);
        this.shared = new SharedReads(reader::newest);
        this.watch = new HeadWatch(reader::head, patience, completions);
        this.appender = new Appender(database, queue, patience, watch::advance, completions);
    }

    /// Appends all of the events or none. Blocks only while the queue is full, at most
    /// [Patience#queue].
    ///
    /// @return where the events are; or fails with an [EventLogException],
    ///   [EventLogException.Conflict] if the condition does not hold. What hangs on it may block
    public CompletableFuture<Appended> append(AppendRequest request) {
        CompletableFuture<Appended> outcome = new CompletableFuture<>();
        try {
            long bytes = admission.admit(request);
            // Here, in the caller's thread, since the appender's is the one that all wait for.
            byte[][] digests = EventDigest.of(request.events());
            long deadline = System.nanoTime() + patience.outage().toNanos();
            queue.put(
                    new PendingAppend(request, bytes, digests, deadline, outcome),
                    patience.queue());
        } catch (EventLogException e) {
            outcome.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome.completeExceptionally(e);
        }
        return outcome;
    }

    /// Reads a stretch of the log.
    ///
    /// @param criteria an event has to match any of them
    /// @param after position already seen, exclusive; 0 for the start
    /// @param upTo last position of interest, inclusive; `Long.MAX_VALUE` for the head
    /// @param limit most events in the page; 1 to 10,000. A page of large events has fewer
    public Page page(List<Criterion> criteria, long after, long upTo, int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException("A page has 1 to 10,000 events, not " + limit);
        }
        return reader.page(criteria, after, upTo, limit);
    }

    /// Reads page by page as the stream is consumed, in constant memory; up to the head at the time
    /// of each page.
    ///
    /// @param criteria an event has to match any of them
    /// @param after position already seen, exclusive; 0 for the start
    /// @param upTo last position of interest, inclusive; `Long.MAX_VALUE` for the head
    public Stream<StoredEvent> read(List<Criterion> criteria, long after, long upTo) {
        Iterator<StoredEvent> events =
                new PagedEvents(position -> reader.page(criteria, position, upTo, PAGE), after);
        int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(events, traits), false);
    }

    /// Reads the newest event of each criterion and the head, in one statement, which callers who
    /// ask at the same moment may share. The result is held in memory.
    ///
    /// @param criteria each with at least one tag; thousands are fine
    public Newest newest(List<Criterion> criteria) {
        for (Criterion criterion : criteria) {
            if (criterion.tags().isEmpty()) {
                throw new IllegalArgumentException(
                        "The newest event is found by a tag, and there is none in " + criterion);
            }
        }
        return shared.newest(criteria);
    }

    /// Follows the log as it grows.
    ///
    /// @param after position already seen, exclusive; 0 for the start
    /// @param criteria an event has to match any of them
    public Follower follow(long after, List<Criterion> criteria) {
        return new Follower(reader, watch, criteria, after, PAGE);
    }

    /// Calls back, in a thread of its own, whenever the log has grown, whoever appended. Calls may
    /// be merged.
    ///
    /// @return ends it
    public Registration onGrowth(Runnable callback) {
        return watch.listen(callback);
    }

    /// Last position in the log; 0 for an empty one.
    public long head() {
        return reader.head();
    }

    /// The position before the first event that happened at or after a time; the head if there is
    /// none. Reads the log from its start: for setting something up, not for every request.
    ///
    /// @param atMicros microseconds since 1970-01-01T00:00:00Z
    public long positionBefore(long atMicros) {
        return reader.positionBefore(atMicros);
    }

    /// The log's line of life, eight hex digits. Read anew with each new connection of the
    /// appender.
    public String epoch() {
        String known = appender.epoch();
        return known != null ? known : reader.epoch();
    }

    /// Appends that wait for the appender.
    public int queued() {
        return queue.size();
    }

    /// Refuses new appends and finishes those that were taken, within [Patience#outage].
    @Override
    public void close() {
        appender.close();
        watch.close();
        completions.shutdown();
        try {
            completions.awaitTermination(patience.answer().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
