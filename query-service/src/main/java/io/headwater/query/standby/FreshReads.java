package io.headwater.query.standby;

import io.headwater.contract.ConsistencyToken;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// Reads that have seen at least what the client has. Safe for concurrent use.
@Component
public class FreshReads {
    private static final Duration ELSEWHERE = Duration.ofMillis(10);

    private final CheckpointWatch watch;

    FreshReads(CheckpointWatch watch) {
        this.watch = watch;
    }

    /// Runs a read, once or until what it saw is fresh enough.
    ///
    /// @param read one statement, or several of which the last one's checkpoint counts
    /// @throws io.headwater.query.problem.Refusal if it is not fresh enough in time, or never will
    ///   be
    public <T> Seen<T> read(Freshness freshness, Supplier<Seen<T>> read) {
        ConsistencyToken token = freshness.atLeast();
        if (token == null) {
            return read.get();
        }
        long deadline = System.nanoTime() + freshness.patience().toNanos();
        for (boolean again = false; ; again = true) {
            watch.await(token, deadline);
            Seen<T> seen = read.get();
            if (watch.judge(token, seen.at()) == EpochLine.Verdict.REACHED) {
                return seen;
            }
            // The watch was of two standbys the one that is ahead; or what it remembers is from
            // before a restore.
            if (again && System.nanoTime() >= deadline) {
                throw watch.behind(token, seen.at());
            }
            watch.forget();
            if (again) {
                LockSupport.parkNanos(ELSEWHERE.toNanos());
            }
        }
    }
}
