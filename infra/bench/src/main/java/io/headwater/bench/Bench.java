package io.headwater.bench;

import io.headwater.bench.changes.ChangesSuite;
import io.headwater.bench.http.HttpSuite;
import io.headwater.bench.log.LogSuite;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import io.headwater.bench.pipeline.PipelineSuite;
import io.headwater.bench.query.QuerySuite;
import io.headwater.bench.replay.ReplaySuite;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measures what is asked for, prints the table to standard output and progress to standard error.
///
/// Ends with 0 if all was measured, whether or not a bar was met; 1 if a row could not be measured;
/// 2 for a bad option.
@Command(
        name = "infra/bench/run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures Headwater, each thing beside its yardstick, in turns, on a PostgreSQL of its own with fsync on.",
        footerHeading = "%nRows:%n")
final class Bench implements Callable<Integer> {
    private static final List<Suite> SUITES =
            List.of(
                    new LogSuite(),
                    new HttpSuite(),
                    new QuerySuite(),
                    new ChangesSuite(),
                    new PipelineSuite(),
                    new ReplaySuite());

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "ROW",
            description = "Only these rows, separated by commas; all by default.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--quick",
            description =
                    "Short form: a few minutes. Less data, shorter slices; good for ratios only.")
    private boolean quick;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often the two sides of a row take turns, 1 to 50.")
    private @Nullable Integer rounds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description =
                    "Commands per second in the rows visible-…, 1 to 10,000; ${DEFAULT-VALUE} by default.")
    private int rate;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also writes all rounds, CPU seconds and the facts of the machine there.")
    private @Nullable Path json;

    // Read by ./run, which hands it to every JVM before it starts.
    @Option(
            names = "--jfr",
            paramLabel = "FOLDER",
            description =
                    "Leaves a flight recording of each JVM there, named by its process number.")
    private @Nullable Path jfr;

    @Option(
            names = "--limit",
            paramLabel = "MINUTES",
            defaultValue = "60",
            description = "Ends the run after so long; ${DEFAULT-VALUE} by default.")
    private int limit;

    @Spec private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Bench());
        command.getCommandSpec().usageMessage().footer(footer(rows()));
        System.exit(command.execute(arguments));
    }

    private static String[] footer(List<Row> rows) {
        return rows.stream()
                .map(row -> "  %-18s %s (%s)".formatted(row.key(), row.what(), row.bar().text()))
                .map(line -> line.replace("%", "%%"))
                .toArray(String[]::new);
    }

    @Override
    public Integer call() throws Exception {
        Session session = new Session(plan(), wanted(), System.err);
        CountDownLatch done = new CountDownLatch(1);
        stopOnSignal(session, done);
        stopAfter(Duration.ofMinutes(within("--limit", limit, 1_440)), session);
        try {
            return measure(session);
        } finally {
            done.countDown();
        }
    }

    private int measure(Session session) throws Exception {
        Map<String, Object> machine = Machine.facts();
        if (jfr != null) {
            session.say("flight recordings, one for each JVM, go to " + jfr);
        }
        List<Suite> suites = SUITES.stream().filter(s -> session.wantsAny(s.rows())).toList();
        for (Suite suite : suites) {
            run(suite, session);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println();
        out.print(Table.of(session.findings(), session.failures()));
        out.println();
        out.print(CpuTable.of(session.findings()));
        if (json != null) {
            JsonReport.write(json, machine, session);
            session.say("wrote " + json);
        }
        return session.failures().isEmpty() ? 0 : 1;
    }

    private static void run(Suite suite, Session session) {
        try {
            suite.run(session);
        } catch (Exception e) {
            session.fail(suite.rows(), e);
        }
    }

    private Plan plan() {
        Plan plan = (quick ? Plan.quick() : Plan.full()).withRate(within("--rate", rate, 10_000));
        return rounds == null ? plan : plan.withRounds(within("--rounds", rounds, 50));
    }

    private int within(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    spec.commandLine(), "%s is 1 to %,d, not %,d".formatted(option, most, value));
        }
        return value;
    }

    private Set<String> wanted() {
        List<String> known = rows().stream().map(Row::key).toList();
        if (only.isEmpty()) {
            return Set.copyOf(known);
        }
        List<String> unknown = new ArrayList<>(only);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no row "
                            + String.join(", ", unknown)
                            + "; the rows are "
                            + String.join(", ", known));
        }
        return only;
    }

    private static List<Row> rows() {
        return SUITES.stream().flatMap(suite -> suite.rows().stream()).toList();
    }

    // Ctrl-C: what was started is ended and temporary folders are deleted before this JVM goes.
    private static void stopOnSignal(Session session, CountDownLatch done) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(session, done)));
    }

    private static void stopAndWait(Session session, CountDownLatch done) {
        if (done.getCount() == 0) {
            return;
        }
        session.stop();
        try {
            if (!done.await(1, TimeUnit.MINUTES)) {
                System.err.println("Not all that was started has ended within a minute.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stopAfter(Duration limit, Session session) {
        Thread.ofPlatform()
                .daemon()
                .name("limit")
                .start(() -> {
                    try {
                        Thread.sleep(limit);
                        session.say(limit.toMinutes() + " minutes are over: ending");
                        session.stop();
                    } catch (InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
