package io.headwater.bench.replay;

import io.headwater.bench.git.GitFailure;
import io.headwater.bench.mapping.Mapping;
import io.headwater.local.LocalFailure;
import io.headwater.local.TokenIssuer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ends with 0 if all is done and, where that was asked for, equal; 1 if it stopped or something
/// differs; 2 for a bad option.
@Command(
        name = "infra/bench/replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Sends the history of a git repository of YAML, JSON or CSV records as commands, a"
                        + " commit a batch, and goes on where it stopped. docs/replay.md tells more.")
final class Main implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "REPOSITORY",
            description = "A git repository, bare or not.")
    private Path repository = Path.of(".");

    @Parameters(
            index = "1",
            paramLabel = "MAPPING",
            description = "What is a record; YAML or JSON.")
    private Path mapping = Path.of("mapping.yaml");

    @Option(
            names = "--commands",
            defaultValue = "http://localhost:8080",
            description = "Command service; ${DEFAULT-VALUE}.")
    private URI commands = URI.create("http://localhost:8080");

    @Option(
            names = "--queries",
            defaultValue = "http://localhost:8081",
            description = "Query service, for --verify; ${DEFAULT-VALUE}.")
    private URI queries = URI.create("http://localhost:8081");

    @Option(
            names = "--key",
            description =
                    "PEM of the key that signs tokens, since every author acts in his own name; that of ./run by default.")
    private @Nullable Path key;

    @Option(
            names = "--journal",
            description = "What is done; by default MAPPING with .journal behind it.")
    private @Nullable Path journal;

    @Option(names = "--report", description = "All that breaks a rule goes there as NDJSON.")
    private @Nullable Path report;

    @Option(names = "--most", description = "Ends after so many commits.")
    private int most = Integer.MAX_VALUE;

    @Option(
            names = "--verify",
            paramLabel = "N",
            description =
                    "Then compares so many commits, at random, and the last, with what was valid then; 'all' for all.")
    private @Nullable String verify;

    @Option(names = "--seed", description = "Of --verify; it says which it took.")
    private @Nullable Long seed;

    @Option(
            names = "--dry-run",
            description = "Sends nothing; shows what breaks a rule and what would be split.")
    private boolean dryRun;

    @Option(names = "--no-define", description = "Takes the models as they are.")
    private boolean noDefine;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new Main())
                        .setExecutionExceptionHandler(Main::report)
                        .execute(arguments));
    }

    private static int report(Exception broken, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (broken instanceof ReplayStopped
                || broken instanceof GitFailure
                || broken instanceof LocalFailure
                || broken instanceof IOException) {
            command.getErr().println(broken.getMessage());
            return 1;
        }
        throw broken;
    }

    @Override
    public Integer call() throws IOException {
        Mapping read = readMapping();
        PrintStream out = System.out;
        Path done =
                journal == null
                        ? mapping.resolveSibling(mapping.getFileName() + ".journal")
                        : journal;
        if (dryRun) {
            done = Files.createTempFile("headwater-replay-", ".journal");
        }
        try (Journal kept = new Journal(done, read);
                Writer breaches = breaches()) {
            Progress progress = new Progress(out, breaches);
            Replay replay = new Replay(repository, read, kept, progress);
            if (dryRun) {
                replay.run((hash, part, parts, actor, validFrom, body) -> "", most);
                return 0;
            }
            try (Service service = new Service(commands);
                    Service query = new Service(queries)) {
                Authors authors =
                        new Authors(
                                key == null ? TokenIssuer.ofThisMachine() : TokenIssuer.of(key));
                CommandTarget target = new CommandTarget(service, authors, read);
                if (!noDefine) {
                    target.define("replay");
                }
                replay.run(target, most);
                return verify == null
                                || verify(
                                        kept,
                                        new Verification(repository, read, query, authors),
                                        progress)
                        ? 0
                        : 1;
            }
        } finally {
            if (dryRun) {
                Files.deleteIfExists(done);
            }
        }
    }

    private Mapping readMapping() throws IOException {
        try {
            return Mapping.read(mapping);
        } catch (IOException broken) {
            throw new ReplayStopped(mapping + ": " + broken.getMessage());
        }
    }

    private @Nullable Writer breaches() throws IOException {
        return report == null
                ? null
                : new BufferedWriter(
                        Files.newBufferedWriter(
                                report, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    private boolean verify(Journal kept, Verification verification, Progress progress)
            throws IOException {
        Journal.Done last = kept.last();
        String atLeast = last == null ? null : last.token();
        if (atLeast == null) {
            progress.say("Nothing to compare.");
            return true;
        }
        boolean equal = true;
        int records = 0;
        List<Journal.Done> chosen = chosen(kept.all(), progress);
        for (Journal.Done commit : chosen) {
            Verification.Result result = verification.of(commit, atLeast);
            records += result.records();
            for (String difference : result.differences()) {
                equal = false;
                progress.say("commit %s: %s".formatted(commit.commit(), difference));
            }
        }
        progress.say(
                "%,d commits compared, %,d records: %s"
                        .formatted(chosen.size(), records, equal ? "all equal" : "NOT EQUAL"));
        return equal;
    }

    private List<Journal.Done> chosen(List<Journal.Done> all, Progress progress)
            throws ReplayStopped {
        if (verify == null || verify.equals("all") || all.isEmpty()) {
            return all;
        }
        if (!verify.matches("[1-9][0-9]{0,6}")) {
            throw new ReplayStopped("--verify is a number of commits, or all");
        }
        long random = seed == null ? System.nanoTime() : seed;
        progress.say("choosing commits with --seed " + random);
        List<Journal.Done> shuffled = new ArrayList<>(all.subList(0, all.size() - 1));
        Collections.shuffle(shuffled, new Random(random));
        List<Journal.Done> chosen =
                new ArrayList<>(
                        shuffled.subList(
                                0, Math.min(shuffled.size(), Integer.parseInt(verify) - 1)));
        chosen.add(all.getLast());
        return chosen;
    }
}
