package io.headwater.relay;

import java.sql.SQLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.connect.errors.ConnectException;

/// Why the relay cannot go on, in words for whoever runs it: what was wrong, where, what to do. The
/// relay stays not ready with these words in its health and tries again after a while.
final class Obstacle extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What stands in the way.
    enum Kind {
        LOG_UNREACHABLE,
        LOG_NOT_MIGRATED,
        NOT_A_PRIMARY,
        WAL_LEVEL,
        NO_REPLICATION_RIGHT,
        NO_SELECT_RIGHT,
        PUBLICATION_MISSING,
        PUBLICATION_WITHOUT_EVENTS,
        SLOT_OF_ANOTHER_KIND,
        SLOT_BUSY,
        NO_FREE_SLOT,
        STANDBY_NOT_CONFIRMING,
        OTHER_SERVER,
        OTHER_TIMELINE,
        PLACE_AHEAD,
        OTHER_HISTORY,
        KAFKA_UNREACHABLE,
        KAFKA_UNUSABLE,
        TOPIC_UNUSABLE,
        GAP_IN_LOG,
        UNREADABLE_EVENT,
        READER_STOPPED
    }

    private final Kind kind;

    Obstacle(Kind kind, String words) {
        super(words);
        this.kind = kind;
    }

    Obstacle(Kind kind, String words, Throwable cause) {
        super(words, cause);
        this.kind = kind;
    }

    /// The failure itself if it is one of these, else what people should read of it.
    static Obstacle of(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Obstacle obstacle) {
                return obstacle;
            }
        }
        if (failure instanceof SQLException) {
            return new Obstacle(
                    Kind.LOG_UNREACHABLE,
                    "The log's server failed: " + failure.getMessage(),
                    failure);
        }
        if (failure instanceof ConnectException) {
            return new Obstacle(
                    Kind.READER_STOPPED, "Reading the WAL ended: " + innermost(failure), failure);
        }
        if (failure instanceof KafkaException) {
            return new Obstacle(
                    Kind.KAFKA_UNREACHABLE, "Kafka failed: " + innermost(failure), failure);
        }
        return new Obstacle(Kind.READER_STOPPED, "The relay failed: " + failure, failure);
    }

    private static String innermost(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    Kind kind() {
        return kind;
    }
}
