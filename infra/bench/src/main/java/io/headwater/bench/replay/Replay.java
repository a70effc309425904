package io.headwater.bench.replay;

import io.headwater.bench.git.Commit;
import io.headwater.bench.git.GitBlobs;
import io.headwater.bench.git.GitHistory;
import io.headwater.bench.mapping.Breach;
import io.headwater.bench.mapping.Mapping;
import io.headwater.bench.mapping.RecordTree;
import io.headwater.bench.mapping.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Works the history of a repository off, from where the journal ends. Not safe for concurrent use.
final class Replay {
    /// Where commits go.
    interface Target {
        /// @return a consistency token
        String send(String hash, int part, int parts, String actor, String validFrom, String body)
                throws IOException;
    }

    private final Path repository;
    private final Mapping mapping;
    private final Journal journal;
    private final Progress progress;

    Replay(Path repository, Mapping mapping, Journal journal, Progress progress) {
        this.repository = repository;
        this.mapping = mapping;
        this.journal = journal;
        this.progress = progress;
    }

    /// @param most commits at most
    /// @throws ReplayStopped if a commit cannot be sent, or a rule is broken that the mapping does
    ///   not allow to break; what is before it is done
    void run(Target target, int most) throws IOException {
        RecordTree tree = new RecordTree(mapping);
        Journal.Done last = journal.last();
        List<String> line = GitHistory.line(repository, mapping.branch());
        int ahead = last == null ? 0 : placeOf(last, line);
        progress.begin(ahead, Math.min(line.size(), ahead + (long) most));
        try (GitBlobs blobs = new GitBlobs(repository);
                GitHistory history =
                        new GitHistory(
                                repository,
                                mapping.branch(),
                                last == null ? null : last.commit())) {
            if (last != null) {
                tree.apply(GitHistory.files(repository, last.commit()), blobs);
            }
            ValidTimes times = new ValidTimes(last == null ? null : last.validFrom());
            for (int i = 0; i < most; i++) {
                Commit commit = history.next();
                if (commit == null) {
                    break;
                }
                one(commit, tree.apply(commit.changes(), blobs), times, target);
            }
            progress.end(times);
        }
    }

    private static int placeOf(Journal.Done last, List<String> line) throws ReplayStopped {
        int place = line.indexOf(last.commit());
        if (place < 0) {
            throw new ReplayStopped(
                    "The journal ends with %s, which is not on the first-parent line of the branch: its history was rewritten since. Begin anew."
                            .formatted(last.commit()));
        }
        return place + 1;
    }

    private void one(Commit commit, RecordTree.Step step, ValidTimes times, Target target)
            throws IOException {
        for (Breach breach : step.breaches()) {
            progress.breach(commit, breach);
        }
        for (Breach breach : step.breaches()) {
            if (breach.verdict() == Verdict.STOP) {
                throw new ReplayStopped(
                        "Stopped before commit %s: %s".formatted(commit.hash(), breach));
            }
        }
        List<String> parts = Parts.of(mapping, step.changes());
        if (parts.size() > 1) {
            progress.say(
                    "commit %s is too large for one batch: %,d changes in %d parts"
                            .formatted(commit.hash(), step.changes().size(), parts.size()));
        }
        java.time.Instant validFrom = times.next(mapping.timeOf(commit));
        Journal.Done before = journal.last();
        @Nullable String token = before == null ? null : before.token();
        for (int i = 0; i < parts.size(); i++) {
            token =
                    target.send(
                            commit.hash(),
                            i + 1,
                            parts.size(),
                            mapping.actorOf(commit),
                            validFrom.toString(),
                            parts.get(i));
        }
        journal.done(
                new Journal.Done(commit.hash(), validFrom, token),
                step.changes().size(),
                parts.size());
        progress.commit(commit, step.changes().size(), parts.size());
    }
}
