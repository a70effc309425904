package io.headwater.bench.measure;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One run of the command: what is wanted, how much of it, and what has come out so far. For one
/// thread.
public final class Session {
    /// Measures one row, or a few that come out of the same measurement.
    @FunctionalInterface
    public interface Measurement {
        List<Finding> measure() throws Exception;
    }

    private final Thread runner = Thread.currentThread();
    private volatile boolean stopped;
    private final Plan plan;
    private final Set<String> wanted;
    private final PrintStream progress;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();

    /// @param wanted keys of rows
    /// @param progress where people see what goes on
    public Session(Plan plan, Set<String> wanted, PrintStream progress) {
        this.plan = plan;
        this.wanted = Set.copyOf(wanted);
        this.progress = progress;
    }

    public Plan plan() {
        return plan;
    }

    public boolean wants(Row row) {
        return wanted.contains(row.key());
    }

    public boolean wantsAny(List<Row> rows) {
        return rows.stream().anyMatch(this::wants);
    }

    /// Says what goes on now.
    public void say(String message) {
        progress.println(message);
    }

    /// Measures a row if it is wanted. What it throws becomes the row's failure, and the run goes
    /// on.
    public void measure(Row row, Measurement measurement) {
        measure(List.of(row), measurement);
    }

    /// Measures rows that come out of one measurement, if any of them is wanted.
    public void measure(List<Row> rows, Measurement measurement) {
        if (!wantsAny(rows)) {
            return;
        }
        if (stopped) {
            fail(rows, new IllegalStateException("the run was ended before"));
            return;
        }
        String keys = String.join(", ", rows.stream().map(Row::key).toList());
        say(keys + ": measuring");
        try {
            measurement.measure().stream().filter(f -> wants(f.row())).forEach(this::add);
        } catch (Exception e) {
            fail(rows, e);
        } finally {
            if (stopped) {
                // Who is interrupted cannot wait for the end of what it started.
                Thread.interrupted();
            }
        }
    }

    /// Breaks off the row that is being measured; the others fail. Safe to call from any thread.
    public void stop() {
        stopped = true;
        runner.interrupt();
    }

    private void add(Finding finding) {
        findings.add(finding);
        String ratio =
                finding.hasYardstick()
                        ? ", ratio %.2f".formatted(Spread.ofRatios(finding.rounds()).median())
                        : "";
        say(
                "%s: %,.1f %s%s"
                        .formatted(
                                finding.row().key(),
                                Spread.ofMeasured(finding.rounds()).median(),
                                finding.row().unit(),
                                ratio));
    }

    /// Notes that rows could not be measured.
    public void fail(List<Row> rows, Exception cause) {
        String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        for (Row row : rows) {
            if (wants(row)) {
                failures.put(row.key(), reason);
                say(row.key() + ": FAILED: " + reason);
            }
        }
        cause.printStackTrace(progress);
    }

    /// Notes something that holds for several rows, such as the database's settings.
    public void fact(String name, Object value) {
        facts.put(name, value);
    }

    public Map<String, Object> facts() {
        return new LinkedHashMap<>(facts);
    }

    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /// Rows that could not be measured, and why.
    public Map<String, String> failures() {
        return new LinkedHashMap<>(failures);
    }
}
