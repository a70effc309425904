package io.headwater.bench.replay;

import io.headwater.bench.git.SampleHistory;
import io.headwater.bench.load.Platform;
import io.headwater.bench.mapping.Mapping;
import io.headwater.bench.measure.Bar;
import io.headwater.bench.measure.Finding;
import io.headwater.bench.measure.Plan;
import io.headwater.bench.measure.PostgresFacts;
import io.headwater.bench.measure.Round;
import io.headwater.bench.measure.Row;
import io.headwater.bench.measure.Session;
import io.headwater.bench.measure.Suite;
import io.headwater.bench.measure.Turns;
import io.headwater.local.LocalPlatform;
import io.headwater.local.TokenIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A made-up history of 7,500 commits to 25,000 files, from a git repository to the standby.
public final class ReplaySuite implements Suite {
    private static final Row ROW =
            new Row(
                    "replay",
                    "replay of a git repository, a batch for each commit, one after the other",
                    "",
                    "commands/s",
                    new Bar.Reported());
    private static final int COMPARED = 5;

    @Override
    public List<Row> rows() {
        return List.of(ROW);
    }

    @Override
    public void run(Session session) throws Exception {
        Path folder = Files.createTempDirectory("headwater-replay-");
        session.say("starting the platform");
        try (Platform platform =
                Platform.start(LocalPlatform.builder().inFolder(folder.resolve("home")))) {
            session.fact("postgresql", PostgresFacts.of(platform.local().cluster()));
            session.measure(ROW, () -> measure(session, platform, folder));
        } finally {
            delete(folder);
        }
    }

    private static List<Finding> measure(Session session, Platform platform, Path folder)
            throws Exception {
        Plan plan = session.plan();
        boolean full = plan.equals(Plan.full());
        int files = full ? 25_000 : 1_500;
        int commits = full ? 7_500 : 500;
        session.say("making a repository of %,d commits to %,d files".formatted(commits, files));
        Path repository = folder.resolve("history.git");
        SampleHistory.make(repository, files, commits, 1);
        Path file = folder.resolve("mapping.yaml");
        Files.writeString(file, SampleHistory.MAPPING);
        Mapping mapping = Mapping.read(file);
        Authors authors = new Authors(TokenIssuer.of(folder.resolve("home/token-key.pem")));
        var progress = new Progress(System.err, null);
        try (var journal = new Journal(folder.resolve("journal"), mapping);
                var commands = new Service(platform.local().command().url());
                var queries = new Service(platform.local().query().url())) {
            var target = new CommandTarget(commands, authors, mapping);
            target.define("replay");
            var replay = new Replay(repository, mapping, journal, progress);
            Round round =
                    new Round(
                            Turns.sample(
                                    slice -> {
                                        replay.run(target, Integer.MAX_VALUE);
                                        return progress.operationsPerSecond();
                                    },
                                    Duration.ZERO),
                            null);
            Map<String, Object> notes = new LinkedHashMap<>(progress.facts());
            long begin = System.nanoTime();
            platform.awaitProjected(Duration.ofMinutes(5));
            notes.put("secondsUntilVisible", seconds(begin));
            begin = System.nanoTime();
            notes.put(
                    "recordsCompared",
                    compare(journal, new Verification(repository, mapping, queries, authors)));
            notes.put("secondsToCompare", seconds(begin));
            return List.of(new Finding(ROW, List.of(round), notes));
        }
    }

    private static int compare(Journal journal, Verification verification) throws IOException {
        List<Journal.Done> all = new ArrayList<>(journal.all());
        String atLeast = Objects.requireNonNull(all.getLast().token());
        int records = 0;
        for (int i = 1; i <= COMPARED; i++) {
            Verification.Result result =
                    verification.of(all.get(all.size() * i / COMPARED - 1), atLeast);
            if (!result.differences().isEmpty()) {
                throw new IllegalStateException(String.join("\n", result.differences()));
            }
            records += result.records();
        }
        return records;
    }

    private static double seconds(long begin) {
        return Math.round((System.nanoTime() - begin) / 1e8) / 10.0;
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
