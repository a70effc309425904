package io.headwater.bench.replay;

import io.headwater.bench.git.Commit;
import io.headwater.bench.mapping.Breach;
import io.headwater.bench.mapping.Rule;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Says how far it is, once a second, what breaks a rule, the first few of each, and what it came
/// to. Not safe for concurrent use.
final class Progress {
    private static final int BREACHES_TOLD = 10;
    private static final long MEGABYTE = 1L << 20;

    private final PrintStream out;
    private final @Nullable Writer report;
    private final Map<Rule, Integer> breaches = new EnumMap<>(Rule.class);
    private long start = System.nanoTime();
    private long said = start;
    private long done;
    private long all;
    private long commits;
    private long operations;
    private long requests;
    private long split;
    private double took = 1;

    /// @param report where each breach goes, a line of JSON each; null for nowhere
    Progress(PrintStream out, @Nullable Writer report) {
        this.out = out;
        this.report = report;
    }

    void say(String message) {
        out.println(message);
    }

    /// @param ahead commits that are done already
    /// @param all commits, with those
    void begin(long ahead, long all) {
        this.start = System.nanoTime();
        this.said = start;
        this.done = ahead;
        this.all = all;
        say(
                ahead == 0
                        ? "%,d commits to go".formatted(all)
                        : "%,d commits are done, %,d to go".formatted(ahead, all - ahead));
    }

    void commit(Commit commit, int operations, int parts) {
        done++;
        commits++;
        this.operations += operations;
        requests += parts;
        split += parts > 1 ? 1 : 0;
        long now = System.nanoTime();
        if (now - said > TimeUnit.SECONDS.toNanos(1)) {
            said = now;
            say(
                    "%,d of %,d commits (%d %%), %s, %,d operations, %,.0f commits/s"
                            .formatted(
                                    done,
                                    all,
                                    100 * done / Math.max(1, all),
                                    LocalDate.ofInstant(commit.time(), ZoneOffset.UTC),
                                    this.operations,
                                    commits / seconds()));
        }
    }

    void breach(Commit commit, Breach breach) throws IOException {
        int told = breaches.merge(breach.rule(), 1, Integer::sum);
        if (told <= BREACHES_TOLD) {
            say("commit %.12s: %s".formatted(commit.hash(), breach));
            if (told == BREACHES_TOLD) {
                say(
                        "more of %s are counted only; --report FILE has all"
                                .formatted(breach.rule().key()));
            }
        }
        if (report != null) {
            report.write(breach.json().put("commit", commit.hash()) + "\n");
        }
    }

    void end(ValidTimes times) {
        double seconds = seconds();
        took = seconds;
        say(
                "%,d commits, %,d operations in %,d requests, %.1f s: %,.0f commits/s, %,.0f operations/s"
                        .formatted(
                                commits,
                                operations,
                                requests,
                                seconds,
                                commits / seconds,
                                operations / seconds));
        if (split > 0) {
            say(
                    "%,d commits were split: asOf shows their parts, validAt does not"
                            .formatted(split));
        }
        if (times.moved() > 0) {
            say(
                    "%,d commits are valid later than their clock says, at most %s, since the commit before them is"
                            .formatted(times.moved(), times.furthest()));
        }
        breaches.forEach((rule, count) -> say("%s: %,d".formatted(rule.key(), count)));
        say("most heap in use: %,d MB".formatted(peak()));
    }

    double operationsPerSecond() {
        return operations / took;
    }

    /// What it came to, by name.
    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("commits", commits);
        facts.put("operations", operations);
        facts.put("requests", requests);
        facts.put("split", split);
        facts.put("seconds", Math.round(took * 10) / 10.0);
        facts.put("commitsPerSecond", Math.round(commits / took));
        breaches.forEach((rule, count) -> facts.put(rule.key(), count));
        facts.put("mostHeapMiB", peak());
        return facts;
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                / MEGABYTE;
    }

    private double seconds() {
        return Math.max(1e-3, (System.nanoTime() - start) / 1e9);
    }
}
