package io.headwater.query.changes;

import io.headwater.contract.Lines;
import io.headwater.query.log.LogTable;
import io.headwater.query.upgrade.UpgradedConnection;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One client that listens. It has no thread: whoever has news for it [wakes][#wake] it, and then
/// it sends as much as the client takes, in one thread at a time.
///
/// What it holds is a place in the log and, where the client has taken an event in part, that
/// event.
final class Listener implements UpgradedConnection.Owner {
    private static final int AT_ONCE = 256;
    private static final int PAGE_BYTES = 128 * 1024;

    private final ChangeFilter filter;
    private final Listeners house;
    private final Instant expires;
    private final AtomicInteger wakes = new AtomicInteger();
    private final long born = System.nanoTime();

    // Of whoever runs it, one thread at a time.
    private String epoch;
    private long position;
    private byte @Nullable [] pending;
    private int written;
    private long held;
    private boolean wasLive;

    private volatile boolean readsTable;
    private volatile boolean heartbeatDue;
    private volatile boolean retryDue;
    private volatile @Nullable String closing;
    private volatile long lastSent = born;
    private volatile @Nullable UpgradedConnection connection;

    /// @param epoch line of life that the position is of
    /// @param position up to there the client has everything
    /// @param expires when the client's token does
    Listener(ChangeFilter filter, Listeners house, String epoch, long position, Instant expires) {
        this.filter = filter;
        this.house = house;
        this.epoch = epoch;
        this.position = position;
        this.expires = expires;
        this.pending = Frame.greeting(epoch, position);
    }

    /// Has it look for something to do, soon.
    void wake() {
        if (wakes.getAndIncrement() == 0) {
            house.execute(this, readsTable);
        }
    }

    /// Runs in a thread of the house, never in two.
    void run() {
        int seen;
        do {
            seen = wakes.get();
            boolean table = readsTable;
            boolean again = step();
            if (again || table != readsTable) {
                wakes.set(1);
                house.execute(this, readsTable);
                return;
            }
        } while (wakes.addAndGet(-seen) != 0);
    }

    /// @return whether there is more to do at once
    private boolean step() {
        String reason = closing;
        UpgradedConnection client = connection;
        if (reason != null) {
            end(reason);
            return false;
        }
        if (client == null) {
            return false;
        }
        try {
            boolean again = drain() && rewind() && (readsTable ? fromTable() : fromRing());
            if (heartbeatDue && pending == null) {
                heartbeatDue = false;
                again |= send(Frame.heartbeat(epoch, position));
            }
            client().flush();
            return again;
        } catch (IOException | RuntimeException e) {
            // Tomcat's connections throw several kinds once the client is gone.
            end("gone");
            return false;
        }
    }

    private boolean fromRing() throws IOException {
        List<Change> next = house.ring().after(position, AT_ONCE);
        if (next == null) {
            readsTable = true;
            if (wasLive) {
                wasLive = false;
                house.fellBehind();
                send(Frame.behind(epoch, position, house.ring().last()));
            }
            return false;
        }
        wasLive = true;
        for (Change change : next) {
            if (!take(change)) {
                return false;
            }
        }
        return next.size() == AT_ONCE;
    }

    private boolean fromTable() throws IOException {
        LogTable.Page<LogTable.Event> page = house.read(position, PAGE_BYTES);
        if (page == null) {
            retryDue = true;
            return false;
        }
        Lines lines = house.ring().lines();
        boolean whole =
                !page.items().isEmpty() && page.items().getFirst().position() == position + 1;
        if (!page.epoch().equals(epoch) || !whole) {
            // A standby that is behind, or a restore that the tail will tell of.
            retryDue = true;
            readsTable = house.ring().after(position, 1) == null;
            return false;
        }
        for (LogTable.Event event : page.items()) {
            if (!take(Change.of(event, lines))) {
                return false;
            }
        }
        readsTable = house.ring().after(position, 1) == null;
        return true;
    }

    /// @return whether the client takes more
    private boolean take(Change change) throws IOException {
        position = change.position();
        return !filter.lets(change) || send(change.frame());
    }

    /// Tells of a restore, once for each.
    ///
    /// @return whether the client takes more
    private boolean rewind() throws IOException {
        Lines lines = house.ring().lines();
        if (lines.all().isEmpty() || lines.current().equals(epoch)) {
            return !lines.all().isEmpty();
        }
        OptionalLong common = lines.commonWith(epoch);
        if (common.isEmpty()) {
            return false; // the tail has not come to the line that this client knows
        }
        String from = epoch;
        epoch = lines.current();
        position = Math.min(position, common.getAsLong());
        wasLive = false;
        readsTable = false;
        return send(Frame.rewound(epoch, from, position));
    }

    private boolean send(byte[] frame) throws IOException {
        pending = frame;
        written = 0;
        return drain();
    }

    /// @return whether all is out
    private boolean drain() throws IOException {
        byte[] frame = pending;
        if (frame == null) {
            return true;
        }
        written += client().write(frame, written);
        if (written < frame.length) {
            hold(frame.length - written);
            return false;
        }
        pending = null;
        house.release(held);
        held = 0;
        lastSent = System.nanoTime();
        return true;
    }

    private void hold(int bytes) {
        if (held == 0) {
            held = bytes;
            if (!house.hold(bytes)) {
                closing = "slow";
                wakes.incrementAndGet();
            }
        }
    }

    /// Looked at now and then by the house.
    void check(long now, long heartbeatNanos, long stallNanos, Instant time) {
        UpgradedConnection client = connection;
        long stalled = client == null ? now - born : client.blockedFor();
        if (stalled > stallNanos) {
            close("stuck");
        } else if (time.isAfter(expires)) {
            close("expired");
        } else if (stalled == 0 && now - lastSent > heartbeatNanos) {
            heartbeatDue = true;
            wake();
        } else if (retryDue) {
            retryDue = false;
            wake();
        }
    }

    void close(String reason) {
        if (closing == null) {
            closing = reason;
        }
        wake();
    }

    private UpgradedConnection client() {
        return Objects.requireNonNull(connection, "not open yet");
    }

    private void end(String reason) {
        closing = reason;
        pending = null;
        house.release(held);
        held = 0;
        house.remove(this, reason);
        UpgradedConnection client = connection;
        if (client != null) {
            client.close();
        }
    }

    @Override
    public void onOpen(UpgradedConnection taken) {
        connection = taken;
        wake();
    }

    @Override
    public void onWritable() {
        wake();
    }

    @Override
    public void onGone() {
        close("gone");
    }
}
