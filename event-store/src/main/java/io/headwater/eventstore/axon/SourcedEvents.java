package io.headwater.eventstore.axon;

import io.headwater.eventstore.Criterion;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.Newest;
import io.headwater.eventstore.Page;
import io.headwater.eventstore.StoredEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What an entity is sourced from, all as of one head of the log.
///
/// Where the newest event of a tag tells its whole state, only that one is read. The others are
/// read in full, up to the head that the newest were read at: positions are commit order, so that
/// is the log as it was at that moment.
///
/// @param head last position that the events take into account
/// @param events oldest first, each once; read on as the stream is consumed
record SourcedEvents(long head, Stream<StoredEvent> events) {

    private static final int FIRST_PAGE = 500;

    /// @param snapshotKeys keys of tags whose newest event tells the whole state
    static SourcedEvents of(
            EventLog log, List<Criterion> criteria, long after, Set<String> snapshotKeys) {
        List<Criterion> snapshots = new ArrayList<>();
        List<Criterion> histories = new ArrayList<>();
        for (Criterion criterion : criteria) {
            (isSnapshot(criterion, snapshotKeys) ? snapshots : histories).add(criterion);
        }
        if (snapshots.isEmpty()) {
            return histories(log, criteria, after);
        }
        Newest newest = log.newest(snapshots);
        List<StoredEvent> latest =
                newest.events().values().stream()
                        .filter(event -> event.position() > after)
                        .distinct()
                        .sorted(Comparator.comparingLong(StoredEvent::position))
                        .toList();
        if (histories.isEmpty() || newest.head() <= after) {
            return new SourcedEvents(newest.head(), latest.stream());
        }
        return new SourcedEvents(
                newest.head(), merge(latest, log.read(histories, after, newest.head())));
    }

    private static SourcedEvents histories(EventLog log, List<Criterion> criteria, long after) {
        Page first = log.page(criteria, after, Long.MAX_VALUE, FIRST_PAGE);
        Stream<StoredEvent> rest =
                first.complete()
                        ? Stream.of()
                        : Stream.of(first).flatMap(p -> log.read(criteria, p.upTo(), p.head()));
        return new SourcedEvents(first.head(), Stream.concat(first.events().stream(), rest));
    }

    private static boolean isSnapshot(Criterion criterion, Set<String> snapshotKeys) {
        if (criterion.tags().size() != 1) {
            return false;
        }
        String tag = criterion.tags().iterator().next();
        return snapshotKeys.contains(tag.substring(0, tag.indexOf('=')));
    }

    /// Both are in order of position; an event in both is taken from the second.
    private static Stream<StoredEvent> merge(
            List<StoredEvent> latest, Stream<StoredEvent> history) {
        List<StoredEvent> waiting = new ArrayList<>(latest.reversed());
        Stream<StoredEvent> merged =
                history.mapMulti((event, out) -> {
                    while (!waiting.isEmpty() && waiting.getLast().position() <= event.position()) {
                        StoredEvent next = waiting.removeLast();
                        if (next.position() < event.position()) {
                            out.accept(next);
                        }
                    }
                    out.accept(event);
                });
        return Stream.concat(merged, Stream.of(waiting).flatMap(rest -> rest.reversed().stream()));
    }
}
