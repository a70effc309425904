package io.headwater.bench.log;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.bench.load.RawInserts;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.ClosedLoop;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.PostgresFacts;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import io.headwater.bench.measure.Turns;
import io.headwater.eventstore.EventLog;
import io.headwater.local.LocalCluster;
import java.util.List;
import java.util.Map;

/// Appends to the event log from this process, beside raw inserts into the same PostgreSQL: one
/// primary, no standby.
public final class LogSuite implements Suite {
    static final int CALLERS = 32;
    private static final String RAW =
            "raw JDBC single-row INSERT + COMMIT of the same bytes, 32 connections";

    private static final Row APPEND = row("append", "event-store append, 1 event, 32 callers", 1.0);
    private static final Row CONDITION = row("append-condition", "the same with a condition", 0.8);
    private static final Row HOT_TAG =
            row("append-hot-tag", "the same with a condition and one hot tag", 0.8);

    private static final Row AXON =
            row("axon", "Axon command in process (source, decide, append), 32 callers", 0.5);

    @Override
    public List<Row> rows() {
        return List.of(APPEND, CONDITION, HOT_TAG, AXON, Chaining.ROW, LargeLog.ROW);
    }

    @Override
    public void run(Session session) throws Exception {
        session.say("starting PostgreSQL");
        try (LocalCluster cluster = LocalCluster.builder().inTemporaryFolder().start()) {
            session.fact("postgresql", PostgresFacts.of(cluster));
            LogDatabase database = new LogDatabase(cluster, "headwater").migrate();
            Plan plan = session.plan();
            session.measure(APPEND, () -> appends(APPEND, plan, database, Appends.PLAIN));
            session.measure(CONDITION, () -> appends(CONDITION, plan, database, Appends.CONDITION));
            session.measure(HOT_TAG, () -> appends(HOT_TAG, plan, database, Appends.HOT_TAG));
            session.measure(AXON, () -> axon(plan, database));
            session.measure(Chaining.ROW, () -> new Chaining(cluster, plan).measure());
            session.measure(LargeLog.ROW, () -> new LargeLog(cluster, session).measure());
        }
    }

    private static List<Finding> appends(Row row, Plan plan, LogDatabase database, Appends appends)
            throws Exception {
        try (HikariDataSource pool = database.pool();
                EventLog log = new EventLog(pool)) {
            List<Round> rounds = besideInserts(plan, database, appends.caller(log));
            return List.of(new Finding(row, rounds, Map.of("headAtEnd", log.head())));
        }
    }

    private static List<Finding> axon(Plan plan, LogDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool();
                EventLog log = new EventLog(pool);
                AxonCommands commands = new AxonCommands(log)) {
            List<Round> rounds = besideInserts(plan, database, commands.caller());
            return List.of(new Finding(AXON, rounds, Map.of("headAtEnd", log.head())));
        }
    }

    private static List<Round> besideInserts(
            Plan plan, LogDatabase database, ClosedLoop.Caller caller) throws Exception {
        return Turns.take(
                plan,
                slice -> ClosedLoop.perSecondVirtually(CALLERS, slice, i -> caller),
                slice ->
                        ClosedLoop.perSecond(
                                CALLERS, slice, i -> new RawInserts(database.superuser())));
    }

    private static Row row(String key, String what, double least) {
        return new Row(key, what, RAW, "events/s", new Bar.RatioAtLeast(least));
    }
}
