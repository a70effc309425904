package io.headwater.eventstore;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/// Short ways to say what tests append and how it ends.
final class Events {

    private Events() {}

    static NewEvent event(String type, String... tags) {
        return new NewEvent(
                UUID.randomUUID(),
                type,
                "1",
                1_760_000_000_000_000L,
                "{\"a\":1}",
                "{}",
                List.of(tags));
    }

    static NewEvent withPayload(String payload) {
        return new NewEvent(UUID.randomUUID(), "Noted", "1", 0, payload, "{}", List.of("note=1"));
    }

    static AppendRequest always(NewEvent... events) {
        return new AppendRequest(List.of(events), AppendCondition.always());
    }

    static AppendRequest unless(long after, Criterion criterion, NewEvent... events) {
        return new AppendRequest(List.of(events), AppendCondition.noneOf(after, criterion));
    }

    /// Waits for the place, and throws what the log throws.
    static Appended append(EventLog log, AppendRequest request) {
        try {
            return log.append(request).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EventLogException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    static List<StoredEvent> all(EventLog log) {
        return log.read(List.of(Criterion.everyEvent()), 0, Long.MAX_VALUE).toList();
    }
}
