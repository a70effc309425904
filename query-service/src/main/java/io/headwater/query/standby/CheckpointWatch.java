package io.headwater.query.standby;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Lines;
import io.headwater.query.problem.Refusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Looks at the standby's checkpoint for all requests that wait for it, and only while one does:
/// however many wait, one connection is busy, and only for the moment of a look. Safe for
/// concurrent use.
@Component
class CheckpointWatch implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWatch.class);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration ONE_LOOK = Duration.ofSeconds(2);
    private static final String LOOK =
            """
            SELECT c.epoch, c.position,
                   ARRAY(SELECT epoch FROM log.epoch ORDER BY line),
                   ARRAY(SELECT after_position FROM log.epoch ORDER BY line)
              FROM read.checkpoint c
             WHERE c.projection = 'records'
            """;

    private final DataSource standby;
    private final ReadProperties properties;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition changed = lock.newCondition();
    private final Condition ending = lock.newCondition();

    // All guarded by the lock.
    private int waiting;
    private Checkpoint newest = new Checkpoint("", 0);
    private EpochLine line = new EpochLine(new Lines(List.of()));
    private boolean looked;
    private boolean failing;
    private boolean running;

    CheckpointWatch(
            @Qualifier("queryDataSource") DataSource standby,
            ReadProperties properties,
            MeterRegistry meters) {
        this.standby = standby;
        this.properties = properties;
        Gauge.builder("headwater.reads.waiting", this, CheckpointWatch::waiting)
                .description("Queries that wait for the read model to catch up")
                .register(meters);
    }

    /// Waits until the read model has what the token stands for. Holds no connection meanwhile.
    ///
    /// @param deadline in [System#nanoTime()]
    /// @throws Refusal if it is not there in time, or never will be
    void await(ConsistencyToken token, long deadline) {
        lock.lock();
        try {
            if (judge(token, newest) == EpochLine.Verdict.REACHED) {
                return;
            }
            if (waiting == properties.maxWaiting()) {
                throw Refusal.later(
                        "too-many-waiting",
                        "Too many queries are waiting",
                        "Too many queries wait for the read model to catch up; try again in a moment");
            }
            waiting++;
            wanted.signal();
            try {
                awaitVerdict(token, deadline);
            } finally {
                waiting--;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw behind(token, newest);
        } finally {
            lock.unlock();
        }
    }

    private void awaitVerdict(ConsistencyToken token, long deadline) throws InterruptedException {
        looked = false; // a verdict that cannot be taken back needs a look of now
        while (true) {
            EpochLine.Verdict verdict = judge(token, newest);
            if (verdict == EpochLine.Verdict.REACHED) {
                return;
            }
            if (looked && verdict == EpochLine.Verdict.LOST) {
                throw lost(token);
            }
            long rest = deadline - System.nanoTime();
            // Who does not want to wait at all still gets the one look that it takes to tell.
            if (looked ? rest <= 0 : rest <= -ONE_LOOK.toNanos()) {
                throw looked && verdict == EpochLine.Verdict.UNKNOWN
                        ? unknown(token)
                        : behind(token, newest);
            }
            changed.awaitNanos(looked ? rest : rest + ONE_LOOK.toNanos());
        }
    }

    /// Judges what a statement saw, by the lines known from the last look.
    EpochLine.Verdict judge(ConsistencyToken token, Checkpoint at) {
        lock.lock();
        try {
            return line.judge(token, at);
        } finally {
            lock.unlock();
        }
    }

    /// Takes back what the last look has told: a statement has seen otherwise.
    void forget() {
        lock.lock();
        try {
            newest = new Checkpoint("", 0);
            looked = false;
        } finally {
            lock.unlock();
        }
    }

    private int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitWanted()) {
            boolean seen = look();
            pause(seen ? properties.pollInterval() : AFTER_FAILURE);
        }
    }

    private boolean awaitWanted() {
        lock.lock();
        try {
            while (running && waiting == 0) {
                wanted.awaitUninterruptibly();
            }
            return running;
        } finally {
            lock.unlock();
        }
    }

    private boolean look() {
        try (Connection connection = standby.getConnection();
                PreparedStatement statement = connection.prepareStatement(LOOK);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            note(new Checkpoint(row.getString(1), row.getLong(2)), line(row));
            return true;
        } catch (SQLException failure) {
            report(failure);
            return false;
        }
    }

    private static EpochLine line(ResultSet row) throws SQLException {
        var names = (String[]) row.getArray(3).getArray();
        var positions = (Long[]) row.getArray(4).getArray();
        List<Lines.Line> lines = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            lines.add(new Lines.Line(names[i], positions[i]));
        }
        return new EpochLine(new Lines(lines));
    }

    private void note(Checkpoint at, EpochLine line) {
        lock.lock();
        try {
            boolean news = !looked || !at.equals(newest) || !line.equals(this.line);
            newest = at;
            this.line = line;
            looked = true;
            failing = false;
            if (news) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void report(SQLException failure) {
        lock.lock();
        try {
            if (!failing) {
                LOG.atWarn()
                        .addKeyValue("state", failure.getSQLState())
                        .log(
                                "the checkpoint cannot be seen; queries that wait for it go on waiting: {}",
                                failure.getMessage());
            }
            failing = true;
        } finally {
            lock.unlock();
        }
    }

    /// Sleeps, unless it is to end.
    private void pause(Duration pause) {
        lock.lock();
        try {
            long rest = pause.toNanos();
            while (running && rest > 0) {
                rest = ending.awaitNanos(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Says that the read model has not come that far.
    Refusal behind(ConsistencyToken token, Checkpoint at) {
        return Refusal.later(
                        "not-there-yet",
                        "The read model is not there yet",
                        ("The read model is at %d of the log and the query asks for %s; try again, or allow a longer wait"
                                        + " with Prefer: wait=<seconds>")
                                .formatted(at.position(), token))
                .seenAt(at.token());
    }

    private Refusal lost(ConsistencyToken token) {
        return Refusal.of(
                        409,
                        "lost-position",
                        "That part of the log is lost",
                        ("The log was restored to a point before %s, so what this token stands for is not there any more."
                                        + " Query without it, and look whether your changes are there")
                                .formatted(token))
                .seenAt(newest.token());
    }

    private Refusal unknown(ConsistencyToken token) {
        return Refusal.of(
                        409,
                        "unknown-epoch",
                        "The token is of another log",
                        "This log has no epoch %s, so the token is of another system. Query without it"
                                .formatted(token.epoch()))
                .seenAt(newest.token());
    }

    @Override
    public void start() {
        lock.lock();
        try {
            running = true;
        } finally {
            lock.unlock();
        }
        Thread.ofPlatform().daemon().name("checkpoint-watch").start(this::run);
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            running = false;
            wanted.signalAll();
            ending.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }
}
