package io.headwater.eventstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The events of one batch that were accepted so far, indexed by what a criterion can ask for, so
/// that a batch with many criteria and many events is settled in one pass. Not safe for concurrent
/// use.
final class AcceptedEvents {

    private record TypedTag(String tag, String type) {}

    private final long head;
    private final List<NewEvent> events = new ArrayList<>();

    // Positions, oldest first.
    private final Map<String, List<Long>> byTag = new HashMap<>();
    private final Map<TypedTag, Long> newestByTypedTag = new HashMap<>();
    private final Map<String, Long> newestByType = new HashMap<>();

    /// @param head the position that the first event comes after
    AcceptedEvents(long head) {
        this.head = head;
    }

    void add(List<NewEvent> accepted) {
        for (NewEvent event : accepted) {
            events.add(event);
            long position = head + events.size();
            newestByType.put(event.type(), position);
            for (String tag : event.tags()) {
                byTag.computeIfAbsent(tag, t -> new ArrayList<>()).add(position);
                newestByTypedTag.put(new TypedTag(tag, event.type()), position);
            }
        }
    }

    /// Whether an accepted event after a position matches any of the criteria.
    boolean matchAfter(long after, List<Criterion> criteria) {
        if (events.isEmpty()) {
            return false;
        }
        for (Criterion criterion : criteria) {
            if (newestMatch(criterion) > after) {
                return true;
            }
        }
        return false;
    }

    private long newestMatch(Criterion criterion) {
        return switch (criterion.tags().size()) {
            case 0 ->
                    criterion.isEveryEvent()
                            ? head + events.size()
                            : newestOfType(criterion.types());
            case 1 -> newestOfTag(criterion.tags().iterator().next(), criterion.types());
            default -> newestOfAllTags(criterion);
        };
    }

    private long newestOfType(Set<String> types) {
        long newest = 0;
        for (String type : types) {
            newest = Math.max(newest, newestByType.getOrDefault(type, 0L));
        }
        return newest;
    }

    private long newestOfTag(String tag, Set<String> types) {
        if (types.isEmpty()) {
            List<Long> positions = byTag.get(tag);
            return positions == null ? 0 : positions.getLast();
        }
        long newest = 0;
        for (String type : types) {
            newest = Math.max(newest, newestByTypedTag.getOrDefault(new TypedTag(tag, type), 0L));
        }
        return newest;
    }

    /// Looks only at the events of the rarest of the tags, newest first.
    private long newestOfAllTags(Criterion criterion) {
        List<Long> rarest = null;
        for (String tag : criterion.tags()) {
            List<Long> positions = byTag.getOrDefault(tag, List.of());
            if (rarest == null || positions.size() < rarest.size()) {
                rarest = positions;
            }
        }
        for (long position : rarest == null ? List.<Long>of() : rarest.reversed()) {
            NewEvent event = events.get((int) (position - head - 1));
            boolean typed = criterion.types().isEmpty() || criterion.types().contains(event.type());
            if (typed && event.tags().containsAll(criterion.tags())) {
                return position;
            }
        }
        return 0;
    }
}
