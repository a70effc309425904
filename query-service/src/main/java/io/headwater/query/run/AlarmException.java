package io.headwater.query.run;

import io.headwater.query.rows.LogRecord;
import io.headwater.query.rows.UnappliableException;

/// The projection stands still until a person has looked: going on would leave an event out. The
/// message says what is wrong and what to do.
public final class AlarmException extends Exception {
    private static final long serialVersionUID = 1;

    private final long position;

    private AlarmException(long position, String message) {
        super(message);
        this.position = position;
    }

    /// An event that cannot be applied.
    static AlarmException poison(LogRecord event, UnappliableException reason) {
        return new AlarmException(
                event.position(),
                """
                %s cannot be applied: %s. It and all later events are missing from the read model. Deploy a version \
                that can apply it, or mend the cause and POST /projections/resume; if the tables were changed by hand, \
                POST /projections/rebuild\
                """
                        .formatted(event.describe(), reason.getMessage()));
    }

    /// A record that is no event of ours.
    static AlarmException foreign(long position, long offset, UnappliableException reason) {
        return new AlarmException(
                position,
                """
                The record at offset %d of headwater.log is no event of the log: %s. The read model ends before it. \
                Find out who wrote it; once the topic is mended, POST /projections/resume\
                """
                        .formatted(offset, reason.getMessage()));
    }

    /// Events are missing.
    static AlarmException gap(long last, long next) {
        return new AlarmException(
                next,
                """
                headwater.log has no events %d to %d: it goes on with %d. The read model ends before the gap. Have \
                the relay publish them, and POST /projections/resume\
                """
                        .formatted(last + 1, next - 1, next));
    }

    /// The log was restored to an earlier time, and the tables hold what it has forgotten.
    static AlarmException wentBack(Checkpoint last, LogRecord next) {
        return new AlarmException(
                next.position(),
                """
                The log went back: after event %d of epoch %s comes event %d of epoch %s. The read model holds events \
                that the log has forgotten; POST /projections/rebuild\
                """
                        .formatted(last.position(), last.epoch(), next.position(), next.epoch()));
    }

    /// Position of the event that it stopped before.
    public long position() {
        return position;
    }
}
