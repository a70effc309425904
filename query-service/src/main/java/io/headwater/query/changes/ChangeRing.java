package io.headwater.query.changes;

import io.headwater.contract.Lines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The newest changes, without gaps, bounded in number and in bytes. Safe for concurrent use; one
/// thread adds.
final class ChangeRing {
    private final @Nullable Change[] slots;
    private final long mostBytes;

    // All guarded by this.
    private Lines lines = new Lines(List.of());
    private long last;
    private int size;
    private long bytes;

    ChangeRing(int events, long mostBytes) {
        this.slots = new Change[events];
        this.mostBytes = mostBytes;
    }

    /// Forgets all, and begins anew after a position.
    synchronized void restart(Lines lines, long after) {
        java.util.Arrays.fill(slots, null);
        this.lines = lines;
        last = after;
        size = 0;
        bytes = 0;
    }

    /// @param change the one after [#last]
    synchronized void add(Change change) {
        if (change.position() != last + 1) {
            throw new IllegalArgumentException(
                    "Position %d cannot come after %d".formatted(change.position(), last));
        }
        if (size == slots.length) {
            dropFirst();
        }
        slots[slot(change.position())] = change;
        last = change.position();
        size++;
        bytes += change.frame().length;
        while (bytes > mostBytes && size > 1) {
            dropFirst();
        }
    }

    private void dropFirst() {
        int first = slot(last - size + 1);
        Change dropped = slots[first];
        slots[first] = null;
        size--;
        bytes -= dropped == null ? 0 : dropped.frame().length;
    }

    private int slot(long position) {
        return (int) (position % slots.length);
    }

    /// The next changes after a position, oldest first; null if they are not all here any more.
    synchronized @Nullable List<Change> after(long position, int most) {
        if (position < last - size) {
            return null;
        }
        List<Change> next = new ArrayList<>();
        for (long at = position + 1; at <= last && next.size() < most; at++) {
            Change change = slots[slot(at)];
            if (change != null) {
                next.add(change);
            }
        }
        return next;
    }

    /// The log's lines of life as they are known here.
    synchronized Lines lines() {
        return lines;
    }

    /// Position of the newest change.
    synchronized long last() {
        return last;
    }
}
