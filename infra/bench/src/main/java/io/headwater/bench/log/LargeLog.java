package io.headwater.bench.log;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Turns;
import io.headwater.eventstore.EventLog;
import io.headwater.local.LocalCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Appends on a condition to a log with millions of events, beside the same to a log with ten
/// thousand: two databases of one cluster. The small log would grow while it is measured, so each
/// slice gets a copy of its own.
final class LargeLog {
    private static final long SMALL = 10_000;

    static final Row ROW =
            new Row(
                    "append-large-log",
                    "append with a condition, 5 million events in the log",
                    "the same with 10 thousand events in the log",
                    "events/s",
                    new Bar.RatioAtLeast(0.9));

    private final LocalCluster cluster;
    private final Session session;
    private int copies;

    LargeLog(LocalCluster cluster, Session session) {
        this.cluster = cluster;
        this.session = session;
    }

    List<Finding> measure() throws Exception {
        Plan plan = session.plan();
        keepNoArchive();
        LogDatabase small = LogDatabase.create(cluster, "small_log");
        small.fill(SMALL, to -> {});
        LogDatabase large = LogDatabase.create(cluster, "large_log");
        long begin = System.nanoTime();
        large.fill(
                plan.bigLog(),
                to -> {
                    if (to % 500_000 == 0) {
                        session.say("  %,d of %,d events filled in".formatted(to, plan.bigLog()));
                    }
                });
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put("eventsInLargeLog", plan.bigLog());
        notes.put("fillSeconds", (System.nanoTime() - begin) / 1_000_000_000);
        List<Round> rounds =
                Turns.take(plan, slice -> perSecond(large, slice), slice -> onCopy(small, slice));
        return List.of(new Finding(ROW, rounds, notes));
    }

    private double onCopy(LogDatabase template, Duration slice) throws Exception {
        LogDatabase copy = template.copy("small_log_" + ++copies);
        try {
            return perSecond(copy, slice);
        } finally {
            copy.drop();
        }
    }

    private static double perSecond(LogDatabase database, Duration slice) throws Exception {
        try (HikariDataSource pool = database.pool();
                EventLog log = new EventLog(pool)) {
            log.head();
            return ClosedLoop.perSecondVirtually(
                    LogSuite.CALLERS, slice, i -> Appends.CONDITION.caller(log));
        }
    }

    // Gigabytes of WAL from the fill would be copied to the archive while both sides are measured.
    private void keepNoArchive() throws SQLException {
        try (Connection connection = cluster.superuser();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET archive_library = ''");
            statement.execute("ALTER SYSTEM SET archive_command = '/bin/true'");
            statement.execute("ALTER SYSTEM SET max_wal_size = '4GB'");
            statement.execute("SELECT pg_reload_conf()");
        }
    }
}
