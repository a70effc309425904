package io.headwater.eventstore;

import io.headwater.eventstore.EventLogException.Unavailable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets callers that ask at the same moment for a few newest events share one statement, since most
/// of the cost of such a small statement is the statement. Safe for concurrent use.
///
/// Who comes while fewer than two statements run becomes a reader, and reads for all who wait; then
/// the next of those who came meanwhile does. So nobody waits for more than one statement before
/// their own, and nobody reads for others twice.
final class SharedReads {

    /// Whoever asks for more reads alone.
    private static final int MOST_TO_SHARE = 64;

    private static final int READERS = 2;

    private final Function<List<Criterion>, Newest> read;
    private List<Waiting> waiting = new ArrayList<>();
    private int readers;

    /// @param turn completed with the answer, or with null if it is this one's turn to read
    private record Waiting(List<Criterion> criteria, CompletableFuture<@Nullable Newest> turn) {}

    SharedReads(Function<List<Criterion>, Newest> read) {
        this.read = read;
    }

    Newest newest(List<Criterion> criteria) {
        if (criteria.size() > MOST_TO_SHARE) {
            return read.apply(criteria);
        }
        Waiting mine = new Waiting(criteria, new CompletableFuture<>());
        if (enter(mine)) {
            return readForAll(mine);
        }
        try {
            Newest answer = mine.turn.join();
            return answer == null ? readForAll(mine) : answer;
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /// @return whether to read at once
    private synchronized boolean enter(Waiting mine) {
        if (readers < READERS) {
            readers++;
            return true;
        }
        waiting.add(mine);
        return false;
    }

    private Newest readForAll(Waiting mine) {
        List<Waiting> all = takeAll();
        try {
            Set<Criterion> criteria = new LinkedHashSet<>(mine.criteria);
            all.forEach(one -> criteria.addAll(one.criteria));
            Newest newest = read.apply(List.copyOf(criteria));
            all.forEach(one -> one.turn.complete(select(newest, one.criteria)));
            return select(newest, mine.criteria);
        } catch (RuntimeException | Error e) {
            all.forEach(one -> one.turn.completeExceptionally(e));
            if (e instanceof Unavailable) {
                // They have waited just as long.
                takeAll().forEach(one -> one.turn.completeExceptionally(e));
            }
            throw e;
        } finally {
            passOn();
        }
    }

    private static Newest select(Newest newest, List<Criterion> criteria) {
        Map<Criterion, StoredEvent> events = HashMap.newHashMap(criteria.size());
        for (Criterion criterion : criteria) {
            StoredEvent event = newest.events().get(criterion);
            if (event != null) {
                events.put(criterion, event);
            }
        }
        return new Newest(newest.head(), events);
    }

    /// Callers who wait for an answer or for their turn.
    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized List<Waiting> takeAll() {
        List<Waiting> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }

    private synchronized void passOn() {
        if (waiting.isEmpty()) {
            readers--;
        } else {
            // Out of the list, so that no other reader answers it and it gets no second turn.
            waiting.removeFirst().turn.complete(null);
        }
    }
}
