package io.headwater.command.imports;

import io.headwater.command.imports.ImportCommand.AdvanceImport;
import io.headwater.command.imports.ImportCommand.EndImport;
import io.headwater.command.ledger.Commands;
import io.headwater.command.ledger.Outcome;
import io.headwater.command.ledger.Submission;
import io.headwater.command.spool.SpooledFile;
import io.headwater.contract.Excerpt;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportEvent.ImportEnded;
import io.headwater.contract.ImportState;
import io.headwater.eventstore.EventLogException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of an import, from where the log says that it is to its end. Whatever goes wrong on the
/// way, it reads from the log how far the import is and goes on from there.
final class ImportRun {
    private static final Logger LOG = LoggerFactory.getLogger(ImportRun.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /// Most failures without a step in between, of which waiting does not get rid by itself.
    private static final int MOST_FAILURES = 5;

    private final SpooledFile file;
    private final ImportLog log;
    private final Commands commands;
    private final ImportProperties bounds;
    private final CountDownLatch stop;

    /// @param stop ends the run after the chunk at hand
    ImportRun(
            SpooledFile file,
            ImportLog log,
            Commands commands,
            ImportProperties bounds,
            CountDownLatch stop) {
        this.file = file;
        this.log = log;
        this.commands = commands;
        this.bounds = bounds;
        this.stop = stop;
    }

    /// @return whether the file is not needed any more
    boolean run() {
        int failures = 0;
        long line = -1;
        while (stop.getCount() > 0) {
            try {
                var newest = log.newest(file.id());
                if (newest.isEmpty() || newest.get().event() instanceof ImportEnded) {
                    return true;
                }
                failures = newest.get().event().state().line() == line ? failures : 0;
                line = newest.get().event().state().line();
                advance(newest.get());
            } catch (EventLogException.Unavailable
                    | EventLogException.QueueFull
                    | EventLogException.OutcomeUnknown e) {
                LOG.atWarn()
                        .addKeyValue("import", file.id())
                        .addKeyValue("reason", e.getMessage())
                        .log("import waits for the log");
                pause();
            } catch (IOException | RuntimeException e) {
                failures++;
                LOG.atError()
                        .addKeyValue("import", file.id())
                        .addKeyValue("failures", failures)
                        .setCause(e)
                        .log("import failed and is tried again from where it is");
                if (failures >= MOST_FAILURES) {
                    return failed(e);
                }
                pause();
            }
        }
        return false;
    }

    /// Goes on until the end, or until somebody else has moved the import.
    private void advance(ImportLog.Stored newest) throws IOException {
        ImportState state = newest.event().state();
        var parameters = ImportParameters.restored(state.parameters());
        var submission = submission(newest);
        Deque<Chunk> todo = new ArrayDeque<>();
        var rows = parameters.reader(file.open(), bounds.longestRow());
        try (var chunks = new ChunkReader(rows, parameters.layout().id(), bounds.chunkRows())) {
            chunks.skip(state.line());
            while (stop.getCount() > 0) {
                Chunk chunk = todo.isEmpty() ? chunks.next() : todo.removeFirst();
                var step = step(new AdvanceImport(state, parameters, chunk), submission);
                switch (step) {
                    case Step.Taken(var next) -> {
                        boolean follows = next.state().line() == chunk.line();
                        if (next instanceof ImportEnded || !follows) {
                            return;
                        }
                        state = next.state();
                    }
                    case Step.TooLarge(var detail) ->
                            chunk.smaller(detail).reversed().forEach(todo::addFirst);
                    case Step.Overrun _ -> {
                        pause();
                        todo.addFirst(chunk);
                    }
                    case Step.Impossible(var reason) -> {
                        end(ImportEvent.Outcome.FAILED, reason, submission);
                        return;
                    }
                }
            }
        }
    }

    /// What came of sending a chunk.
    private sealed interface Step {
        /// @param newest event of the import, from this chunk or from somebody else
        record Taken(ImportEvent newest) implements Step {}

        /// The chunk does not fit into one append.
        record TooLarge(String detail) implements Step {}

        /// Others changed the same records each time.
        record Overrun() implements Step {}

        /// No row can be taken in any more.
        record Impossible(String reason) implements Step {}
    }

    private Step step(AdvanceImport command, Submission submission) {
        try {
            return switch (commands.send(ImportSlices.ADVANCE, command, submission)) {
                case Outcome.Accepted<ImportEvent> accepted ->
                        new Step.Taken(Objects.requireNonNull(accepted.result()));
                case Outcome.Refused<ImportEvent>(var refusal) ->
                        switch (refusal.reason()) {
                            case CONFLICT -> new Step.Overrun();
                            // Rows that hang on one another over very many steps.
                            case CASCADE_TOO_LARGE -> new Step.TooLarge(refusal.detail());
                            case UNKNOWN_MODEL,
                                    MODEL_RETIRED,
                                    MODEL_REFERENCED,
                                    INVALID_MODEL,
                                    INCOMPATIBLE_CHANGE,
                                    UNKNOWN_QUERY,
                                    QUERY_RETIRED,
                                    INVALID_QUERY,
                                    BREAKING_CHANGE,
                                    UNKNOWN_RECORD,
                                    RECORD_EXISTS,
                                    ALREADY_THERE,
                                    INVALID_RECORD,
                                    STALE_REVISION,
                                    NOT_UNIQUE,
                                    UNRESOLVED_REFERENCE,
                                    STILL_REFERENCED,
                                    IDEMPOTENCY_KEY_REUSED ->
                                    new Step.Impossible(refusal.detail());
                        };
            };
        } catch (EventLogException.TooLarge e) {
            return new Step.TooLarge(String.valueOf(e.getMessage()));
        }
    }

    private boolean failed(Exception e) {
        try {
            var newest = log.newest(file.id());
            if (newest.isPresent()) {
                end(
                        ImportEvent.Outcome.FAILED,
                        "It failed %d times at the same place: %s"
                                .formatted(
                                        MOST_FAILURES, Excerpt.of(String.valueOf(e.getMessage()))),
                        submission(newest.get()));
            }
            return true;
        } catch (RuntimeException unreachable) {
            LOG.atError()
                    .addKeyValue("import", file.id())
                    .setCause(unreachable)
                    .log("import failed, and that cannot be written down; it is tried again later");
            return false;
        }
    }

    private void end(ImportEvent.Outcome outcome, String reason, Submission submission) {
        commands.send(ImportSlices.END, new EndImport(file.id(), outcome, reason), submission);
    }

    private Submission submission(ImportLog.Stored newest) {
        var metadata = new HashMap<>(newest.metadata());
        metadata.put("cause", file.id().toString());
        return new Submission(metadata, null);
    }

    private void pause() {
        try {
            // True when the run is to end; the loops see to that.
            boolean _ = stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
