package io.headwater.relay;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/// What the relay is doing, for health, metrics and people. Written by the relay's thread and by
/// [LogWatch], read by anyone; each number by itself is right, together they may be a moment apart.
final class RelayState {
    /// What the relay is at.
    enum Role {
        STARTING,
        WAITING,
        LEADING
    }

    private final Duration stalledAfter;
    final LongAdder transactions = new LongAdder();
    final LongAdder fencings = new LongAdder();
    final LongAdder readerRestarts = new LongAdder();
    final LongAdder madeUp = new LongAdder();

    private volatile Role role = Role.STARTING;
    private volatile @Nullable Obstacle obstacle;
    private volatile @Nullable String epoch;
    private volatile boolean moves;
    private volatile long position;
    private volatile long positionAtMicros;
    private volatile @Nullable LogNumbers log;
    private volatile long movedAt = System.nanoTime();
    private volatile long behindAtPosition = -1;

    /// What the server says about the log and the slot.
    ///
    /// @param head newest position in `log.event`
    /// @param writtenBy an LSN before which all up to `head` are in the WAL
    /// @param oldestUnpublishedMillis age of the event that is to be published next; 0 if there is
    ///   none
    /// @param bytesBehind WAL written and not acknowledged by the relay
    /// @param walRetained WAL that the server keeps for the slot
    record LogNumbers(
            long head,
            LogSequenceNumber writtenBy,
            long oldestUnpublishedMillis,
            long bytesBehind,
            long walRetained,
            long takenAtNanos) {}

    RelayState(Duration stalledAfter) {
        this.stalledAfter = stalledAfter;
    }

    void waiting() {
        role = Role.WAITING;
        log = null;
    }

    void leading() {
        role = Role.LEADING;
        moves = false;
        log = null;
        movedAt = System.nanoTime();
        behindAtPosition = -1;
    }

    /// Knows where it is.
    void found(String epoch, long position) {
        this.epoch = epoch;
        this.position = position;
        this.movedAt = System.nanoTime();
    }

    /// Hears from the slot: nothing stands in the way any more.
    void following() {
        this.movedAt = System.nanoTime();
        this.obstacle = null;
        this.moves = true;
    }

    void published(long position, long atMicros) {
        this.position = position;
        this.positionAtMicros = atMicros;
        this.moves = true;
        this.obstacle = null;
    }

    void blocked(Obstacle by) {
        obstacle = by;
    }

    void unblocked() {
        obstacle = null;
    }

    /// Takes what the server says, and sees from one look to the next whether the relay moves.
    void seen(LogNumbers now) {
        long at = position;
        if (now.head() <= at || at != behindAtPosition) {
            movedAt = now.takenAtNanos();
            behindAtPosition = now.head() <= at ? -1 : at;
        }
        log = now;
    }

    /// Why the relay is not ready; null if it is.
    @Nullable String notReadyBecause() {
        var standing = obstacle;
        if (standing != null) {
            return standing.getMessage();
        }
        return switch (role) {
            case STARTING -> "The relay has not begun yet.";
            case WAITING -> null;
            case LEADING -> stalled();
        };
    }

    private @Nullable String stalled() {
        var seen = log;
        if (seen == null || !moves) {
            return "The relay is finding its place.";
        }
        long now = System.nanoTime();
        if (now - seen.takenAtNanos() > stalledAfter.toNanos()) {
            return "The relay has not heard from the log's server for %d s."
                    .formatted(Duration.ofNanos(now - seen.takenAtNanos()).toSeconds());
        }
        if (seen.head() > position && now - movedAt > stalledAfter.toNanos()) {
            return "The relay stands at position %d for %d s, the log is at %d."
                    .formatted(position, Duration.ofNanos(now - movedAt).toSeconds(), seen.head());
        }
        return null;
    }

    /// Whether the slot has gone past events without giving them: the server said that they were in
    /// the WAL before an LSN, and what committed before that LSN has all been read.
    ///
    /// @param read end of a commit before which everything has been read and published
    boolean hasMissed(LogSequenceNumber read) {
        var seen = log;
        return seen != null && seen.head() > position && read.compareTo(seen.writtenBy()) >= 0;
    }

    Role role() {
        return role;
    }

    @Nullable Obstacle obstacle() {
        return obstacle;
    }

    @Nullable String epoch() {
        return epoch;
    }

    /// Newest position on Kafka that this relay knows of.
    long position() {
        return position;
    }

    /// When the event at [#position] was appended; 0 if this relay has published none.
    long positionAtMicros() {
        return positionAtMicros;
    }

    @Nullable LogNumbers log() {
        return log;
    }
}
