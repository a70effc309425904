package io.headwater.command.imports;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.command.imports.ImportCommand.StartImport;
import io.headwater.command.ledger.Commands;
import io.headwater.command.ledger.Outcome;
import io.headwater.command.ledger.Submission;
import io.headwater.command.rows.CsvReader;
import io.headwater.command.spool.Sha256;
import io.headwater.command.spool.Spool;
import io.headwater.command.spool.SpoolException;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportEvent.ImportEnded;
import io.headwater.contract.ImportId;
import io.headwater.contract.ImportState;
import io.headwater.contract.ModelDefinition;
import io.headwater.eventstore.EventLogException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Takes files in: once one is accepted, each of its rows will be decided. Safe for concurrent use;
/// blocks as long as the client sends.
final class ImportIntake {
    private final Spool spool;
    private final ImportLog log;
    private final Commands commands;
    private final ImportQueue queue;
    private final ImportProperties bounds;
    private final Clock clock;

    ImportIntake(
            Spool spool,
            ImportLog log,
            Commands commands,
            ImportQueue queue,
            ImportProperties bounds,
            Clock clock) {
        this.spool = spool;
        this.log = log;
        this.commands = commands;
        this.queue = queue;
        this.bounds = bounds;
        this.clock = clock;
    }

    /// @param position of the log that includes the import's start
    record Accepted(ImportId id, long position) {}

    /// @throws io.headwater.command.http.ProblemException if the file cannot be taken in; nothing
    ///   of it is left then
    /// @throws IOException if the client breaks off
    Accepted accept(Upload upload) throws IOException {
        ModelDefinition model = ImportChecks.model(upload, log);
        Submission.RepeatKey key = upload.submission().key();
        if (key == null) {
            return receive(upload, model, new ImportId(UuidCreator.getTimeOrderedEpoch()));
        }
        // The same key from the same client is the same import, wherever it is sent.
        var id = new ImportId(NamedUuid.of("import", key.key()));
        var known = log.newest(id);
        boolean needsFile =
                known.isEmpty()
                        || (!(known.get().event() instanceof ImportEnded) && !spool.isSafe(id));
        return needsFile ? receive(upload, model, id) : repeat(upload, known.get());
    }

    /// The import is known and needs no file: the body only has to be the same.
    private Accepted repeat(Upload upload, ImportLog.Stored known) throws IOException {
        var digest = new Sha256();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream body = upload.body().open()) {
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                digest.add(buffer, n);
            }
        } catch (Upload.BrokenGzip e) {
            throw ImportProblems.brokenGzip(e);
        }
        requireSame(upload, digest.hex(), known.event().state());
        return new Accepted(known.event().state().id(), known.position());
    }

    private Accepted receive(Upload upload, ModelDefinition model, ImportId id) throws IOException {
        if (!queue.hasRoom()) {
            throw ImportProblems.overloaded(queue.waiting());
        }
        Spool.Received received;
        try (InputStream body = upload.body().open()) {
            received = spool.receive(id, body, upload.length());
        } catch (SpoolException e) {
            throw ImportProblems.spool(e);
        } catch (Upload.BrokenGzip e) {
            throw ImportProblems.brokenGzip(e);
        }
        boolean kept = false;
        try {
            check(upload, model, received);
            Accepted accepted = start(upload, id, received);
            queue.add(received.file());
            kept = true;
            return accepted;
        } catch (EventLogException.OutcomeUnknown e) {
            // Whoever looks around next will see whether it has started.
            received.file().release();
            kept = true;
            throw e;
        } finally {
            if (!kept) {
                received.file().delete();
            }
        }
    }

    private void check(Upload upload, ModelDefinition model, Spool.Received received)
            throws IOException {
        if (received.bytes() == 0) {
            throw ImportProblems.empty();
        }
        try (var rows = upload.parameters().reader(received.file().open(), bounds.longestRow())) {
            ImportChecks.misfits(upload, model, rows);
        } catch (CsvReader.HeaderMissing e) {
            throw ImportProblems.header(e);
        }
    }

    private Accepted start(Upload upload, ImportId id, Spool.Received received) {
        var state = ImportChecks.started(id, upload, received.digest(), received.bytes(), clock);
        Map<String, String> metadata = new HashMap<>(upload.submission().metadata());
        metadata.put("cause", id.toString());
        var outcome =
                commands.send(
                        ImportSlices.START, new StartImport(state), new Submission(metadata, null));
        return switch (outcome) {
            case Outcome.Refused<?>(var refusal) ->
                    throw ImportProblems.refused(id, refusal.detail());
            case Outcome.Accepted<ImportEvent> accepted -> {
                var newest = Objects.requireNonNull(accepted.result());
                requireSame(upload, received.digest(), newest.state());
                yield new Accepted(id, accepted.position());
            }
        };
    }

    private static void requireSame(Upload upload, String digest, ImportState known) {
        if (!known.model().equals(upload.model())
                || !known.digest().equals(digest)
                || !known.parameters().equals(ImportChecks.stored(upload))) {
            throw ImportProblems.keyReused();
        }
    }
}
