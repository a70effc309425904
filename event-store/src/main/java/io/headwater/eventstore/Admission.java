package io.headwater.eventstore;

import io.headwater.eventstore.EventLogException.Bound;
import io.headwater.eventstore.EventLogException.TooLarge;
import io.headwater.eventstore.EventLogException.UnstorableText;
import java.util.List;

/// Looks a request over before it may enter the queue, in the thread of the caller.
final class Admission {

    private final AppendLimits limits;

    Admission(AppendLimits limits) {
        this.limits = limits;
    }

    /// @return bytes of all text of the events, in UTF-8
    /// @throws TooLarge if a bound is passed
    /// @throws UnstorableText if PostgreSQL could not hold a text
    long admit(AppendRequest request) {
        within(
                Bound.EVENTS_PER_APPEND,
                "Events in one append",
                request.events().size(),
                limits.eventsPerAppend());
        long bytes = 0;
        for (NewEvent event : request.events()) {
            bytes += admit(event);
        }
        within(Bound.BYTES_PER_APPEND, "Bytes in one append", bytes, limits.bytesPerBatch());
        admit(request.condition().criteria());
        return bytes;
    }

    private long admit(NewEvent event) {
        within(
                Bound.TAGS_PER_EVENT,
                "Tags of event " + event.id(),
                event.tags().size(),
                limits.tagsPerEvent());
        long bytes =
                name("type", event.type(), AppendLimits.BYTES_PER_TYPE)
                        + name("version", event.version(), AppendLimits.BYTES_PER_TYPE)
                        + json("payload of event " + event.id(), event.payload())
                        + json("metadata of event " + event.id(), event.metadata());
        for (String tag : event.tags()) {
            bytes += name("tag", tag, AppendLimits.BYTES_PER_TAG);
        }
        within(
                Bound.BYTES_PER_EVENT,
                "Bytes of event " + event.id(),
                bytes,
                limits.bytesPerEvent());
        return bytes;
    }

    private void admit(List<Criterion> criteria) {
        within(
                Bound.CRITERIA_PER_CONDITION,
                "Criteria in one append condition",
                criteria.size(),
                limits.criteriaPerCondition());
        for (Criterion criterion : criteria) {
            criterion
                    .tags()
                    .forEach(tag -> name("tag in the condition", tag, AppendLimits.BYTES_PER_TAG));
            criterion
                    .types()
                    .forEach(type ->
                            name("type in the condition", type, AppendLimits.BYTES_PER_TYPE));
        }
    }

    /// The log is handed out a line an event, so what goes in as it is must be one line.
    private static long json(String where, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n' || text.charAt(i) == '\r') {
                throw new UnstorableText(where, "a line break", i);
            }
        }
        return utf8Length(where, text);
    }

    private static long name(String what, String name, int most) {
        long bytes = utf8Length(what, name);
        within(Bound.BYTES_PER_NAME, "Bytes of a " + what, bytes, most);
        return bytes;
    }

    private static void within(Bound bound, String what, long actual, long most) {
        if (actual > most) {
            throw new TooLarge(bound, what, actual, most);
        }
    }

    /// An encoder would put a question mark in place of half a surrogate pair without a word, so it
    /// is refused here.
    private static long utf8Length(String where, String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new UnstorableText(where, "a NUL character", i);
            } else if (c >= 0x80) {
                if (Character.isSurrogate(c)) {
                    boolean pair =
                            Character.isHighSurrogate(c)
                                    && i + 1 < text.length()
                                    && Character.isLowSurrogate(text.charAt(i + 1));
                    if (!pair) {
                        throw new UnstorableText(where, "half of a surrogate pair", i);
                    }
                    i++;
                    bytes += 2;
                } else {
                    bytes += c < 0x800 ? 1 : 2;
                }
            }
        }
        return bytes;
    }
}
