package io.headwater.bench.log;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.bench.load.SampleEvents;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Turns;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.NewEvent;
import io.headwater.local.LocalCluster;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/// Appends to a log beside appends to one without its hash chain.
///
/// @param cluster that has neither of the two databases yet
record Chaining(LocalCluster cluster, Plan plan) {
    static final Row ROW =
            new Row(
                    "append-chained",
                    "append with a condition, 32 callers",
                    "the same without the hash chain",
                    "events/s",
                    new Bar.RatioAtLeast(0.9));
    private static final String LAST_MIGRATION_BEFORE = "2";

    List<Finding> measure() throws Exception {
        LogDatabase chained = LogDatabase.create(cluster, "chained_log");
        LogDatabase plain = LogDatabase.create(cluster, "plain_log", LAST_MIGRATION_BEFORE);
        try (HikariDataSource chainedPool = chained.pool();
                HikariDataSource plainPool = plain.pool();
                EventLog with = new EventLog(chainedPool);
                EventLog without = new EventLog(Unchained.over(plainPool))) {
            List<Round> rounds =
                    Turns.take(
                            plan,
                            slice ->
                                    ClosedLoop.perSecondVirtually(
                                            LogSuite.CALLERS,
                                            slice,
                                            i -> Appends.CONDITION.caller(with)),
                            slice ->
                                    ClosedLoop.perSecondVirtually(
                                            LogSuite.CALLERS,
                                            slice,
                                            i -> Appends.CONDITION.caller(without)));
            return List.of(new Finding(ROW, rounds, Map.of("digestMicros", digestMicros())));
        }
    }

    /// What a digest costs its caller; both sides pay it.
    private static double digestMicros() throws GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        NewEvent event = SampleEvents.created(List.of());
        int times = 200_000;
        long begin = 0;
        for (int i = -times; i < times; i++) {
            if (i == 0) {
                begin = System.nanoTime();
            }
            sha256.update(event.tags().toString().getBytes(StandardCharsets.UTF_8));
            sha256.update(event.metadata().getBytes(StandardCharsets.UTF_8));
            sha256.update(event.payload().getBytes(StandardCharsets.UTF_8));
            sha256.digest();
        }
        return (System.nanoTime() - begin) / 1e3 / times;
    }
}
