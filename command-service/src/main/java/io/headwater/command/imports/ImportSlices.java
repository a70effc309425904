package io.headwater.command.imports;

import io.headwater.command.imports.ImportCommand.AdvanceImport;
import io.headwater.command.imports.ImportCommand.EndImport;
import io.headwater.command.imports.ImportCommand.StartImport;
import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.Reply;
import io.headwater.command.ledger.Slice;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportEvent.ImportAdvanced;
import io.headwater.contract.ImportEvent.ImportEnded;
import io.headwater.contract.ImportEvent.ImportStarted;
import io.headwater.contract.ImportState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The commands of imports and how each is decided. Pure.
///
/// Rows and progress are one append, on the condition that nobody else moved the import: so each
/// row is in the log once, however often and by however many services a file is read.
public final class ImportSlices {
    /// Tag of every start, by which imports are listed.
    static final EventTag EACH = new EventTag("imports", "all");

    static final Slice<StartImport, ImportEvent> START =
            new Slice<>(
                    "headwater.StartImport",
                    StartImport.class,
                    ImportSlices::start,
                    ImportSlices::reply);

    static final Slice<AdvanceImport, ImportEvent> ADVANCE =
            new Slice<>(
                    "headwater.AdvanceImport",
                    AdvanceImport.class,
                    ImportSlices::advance,
                    ImportSlices::reply);

    static final Slice<EndImport, ImportEvent> END =
            new Slice<>(
                    "headwater.EndImport", EndImport.class, ImportSlices::end, ImportSlices::reply);

    private ImportSlices() {}

    public static List<Slice<?, ?>> all() {
        return List.of(START, ADVANCE, END);
    }

    /// @return the newest event of the import, this one or another's
    private static Decision<ImportEvent> start(StartImport command, Inquiry log) {
        ImportEvent now = log.importEvent(command.state().id());
        if (!log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        if (now != null) {
            return new Decision.Accepted<>(List.of(), now);
        }
        var started = new ImportStarted(command.state());
        var tags = Set.of(EventTag.ofImport(command.state().id()), EACH);
        return new Decision.Accepted<>(List.of(new Entry(started, tags)), started);
    }

    /// @return the newest event of the import; not from these rows if it was not where they follow
    ///   on
    private static Decision<ImportEvent> advance(AdvanceImport command, Inquiry log) {
        ImportState from = command.from();
        ImportEvent now = log.importEvent(from.id());
        if (now != null && (now instanceof ImportEnded || !now.state().equals(from))) {
            return new Decision.Accepted<>(List.of(), now);
        }
        var decider =
                new ChunkDecider(
                        from.id(), from.model(), command.parameters(), command.chunk(), log);
        return switch (decider.decide()) {
            case Decision.Undecided<ChunkDecider.Decided>(var questions) ->
                    new Decision.Undecided<>(questions);
            case Decision.Refused<ChunkDecider.Decided>(var refusal) ->
                    new Decision.Refused<>(refusal);
            case Decision.Accepted<ChunkDecider.Decided>(var none, var decided) ->
                    advanced(command, decided);
        };
    }

    private static Decision<ImportEvent> advanced(
            AdvanceImport command, ChunkDecider.Decided decided) {
        ImportState state = after(command.from(), command.chunk(), decided);
        var tags = Set.of(EventTag.ofImport(state.id()));
        var entries = new ArrayList<>(decided.entries());
        ImportEvent newest = new ImportAdvanced(state, decided.rejected());
        if (!command.chunk().rows().isEmpty()) {
            entries.add(new Entry(newest, tags));
        }
        if (command.chunk().last()) {
            newest = new ImportEnded(state, ImportEvent.Outcome.DONE, "");
            entries.add(new Entry(newest, tags));
        }
        return new Decision.Accepted<>(entries, newest);
    }

    /// @return the newest event of the import; of an import that had ended, that end
    private static Decision<ImportEvent> end(EndImport command, Inquiry log) {
        ImportEvent now = log.importEvent(command.id());
        if (!log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        if (now == null) {
            return new Decision.Refused<>(
                    new Refusal(
                            Refusal.Reason.UNKNOWN_RECORD,
                            "There is no import " + command.id(),
                            List.of()));
        }
        if (now instanceof ImportEnded) {
            return new Decision.Accepted<>(List.of(), now);
        }
        var ended = new ImportEnded(now.state(), command.outcome(), command.reason());
        var entry = new Entry(ended, Set.of(EventTag.ofImport(command.id())));
        return new Decision.Accepted<>(List.of(entry), ended);
    }

    static ImportState after(ImportState from, Chunk chunk, ChunkDecider.Decided decided) {
        return new ImportState(
                from.id(),
                from.model(),
                from.parameters(),
                from.digest(),
                from.bytes(),
                from.startedAt(),
                Math.max(from.line(), chunk.line()),
                from.created() + decided.created(),
                from.changed() + decided.changed(),
                from.skipped() + decided.skipped(),
                from.rejected() + decided.rejected().size());
    }

    /// What a client sees of an import is read from its events; nothing is kept for a repetition.
    private static Reply reply(Object command, Object result) {
        return new Reply(204, Map.of(), null);
    }
}
