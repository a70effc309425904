package io.headwater.eventstore;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the log refuses or cannot do. Unless it is [OutcomeUnknown], nothing of the append is in
/// the log.
public abstract sealed class EventLogException extends RuntimeException {

    private EventLogException(String message, @Nullable Throwable cause) {
        // The stack of a refusal is that of the appender, of no use to the caller, and costs.
        super(message, cause, false, cause != null);
    }

    /// An event after the condition's position matches it. Source again, decide again, append
    /// again.
    public static final class Conflict extends EventLogException {
        Conflict(AppendCondition condition) {
            super(
                    "Another append got in between: an event after position "
                            + condition.after()
                            + " matches the append condition. Read again, decide again and append again",
                    null);
        }
    }

    /// More than one of the bounds of [AppendLimits] allows. The message says which, and by how
    /// much.
    public static final class TooLarge extends EventLogException {
        private final Bound bound;

        TooLarge(Bound bound, String what, long actual, long most) {
            super(what + ": " + actual + ", at most " + most + " allowed", null);
            this.bound = bound;
        }

        public Bound bound() {
            return bound;
        }
    }

    /// The bounds that one append has to keep.
    public enum Bound {
        EVENTS_PER_APPEND,
        BYTES_PER_APPEND,
        BYTES_PER_EVENT,
        TAGS_PER_EVENT,
        BYTES_PER_NAME,
        CRITERIA_PER_CONDITION
    }

    /// Text that PostgreSQL cannot hold: a NUL character or half of a surrogate pair.
    public static final class UnstorableText extends EventLogException {
        UnstorableText(String where, String what, int index) {
            super(
                    "The "
                            + where
                            + " has "
                            + what
                            + " at index "
                            + index
                            + ", which cannot be stored. Remove or escape it",
                    null);
        }
    }

    /// No place in the queue became free in time. Nothing was taken; try again later.
    public static final class QueueFull extends EventLogException {
        QueueFull(Duration waited, int requests, long bytes) {
            super(
                    "The append queue is full ("
                            + requests
                            + " requests, "
                            + bytes
                            + " bytes) and no place became free in "
                            + waited.toMillis()
                            + " ms. Try again later",
                    null);
        }
    }

    /// The log was closed in this process.
    public static final class Closed extends EventLogException {
        Closed() {
            super("The event log is closed in this process; nothing was appended", null);
        }
    }

    /// An event with this id is in the log, or twice in the request.
    public static final class DuplicateEvent extends EventLogException {
        DuplicateEvent(UUID id) {
            super("Event " + id + " is in the log already; nothing was appended", null);
        }
    }

    /// The database did not come back in time. Nothing was appended.
    public static final class Unavailable extends EventLogException {
        Unavailable(String what, Duration waited, Throwable cause) {
            super(
                    what
                            + ": the database could not be reached for "
                            + waited.toMillis()
                            + " ms ("
                            + cause.getMessage()
                            + ")",
                    cause);
        }
    }

    /// The connection was lost in COMMIT and the database did not come back in time to say how that
    /// ended. The events are in the log either once or not at all: look for the event ids before
    /// trying again.
    public static final class OutcomeUnknown extends EventLogException {
        OutcomeUnknown(UUID firstEvent, Duration waited, Throwable cause) {
            super(
                    "The connection was lost in COMMIT and the database could not be asked for "
                            + waited.toMillis()
                            + " ms whether event "
                            + firstEvent
                            + " is in the log; look for it before trying again",
                    cause);
        }
    }

    /// The database refused a statement for a reason that waiting does not mend. Nothing was
    /// appended.
    public static final class Failed extends EventLogException {
        Failed(String what, Throwable cause) {
            super(what + ": " + cause.getMessage(), cause);
        }
    }
}
