package io.headwater.command.imports;

import com.github.f4b6a3.uuid.UuidCreator;
import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Facts;
import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.Question;
import io.headwater.command.rows.CsvReader;
import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.ImportId;
import io.headwater.contract.ImportState;
import io.headwater.contract.Json;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelDefinition;
import io.headwater.eventstore.Criterion;
import io.headwater.eventstore.EventLog;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides all rows of a file against the log as it is, and takes none in. Keeps no file: the rows
/// are decided as they come. Safe for concurrent use.
final class DryRun {
    private static final int MOST_ROUNDS = 100;
    private static final int MOST_LISTED = 1_000;
    private static final long MOST_LISTED_CHARACTERS = 1024 * 1024;

    private final ImportLog log;
    private final EventLog events;
    private final ImportProperties bounds;
    private final Clock clock;
    private final Semaphore room;

    DryRun(ImportLog log, EventLog events, ImportProperties bounds, Clock clock) {
        this.log = log;
        this.events = events;
        this.bounds = bounds;
        this.clock = clock;
        this.room = new Semaphore(bounds.running());
    }

    /// Counts, and the first rejected rows.
    ///
    /// @throws io.headwater.command.http.ProblemException if the file cannot be read as its
    ///   parameters say
    ObjectNode report(Upload upload) throws IOException {
        ModelDefinition model = ImportChecks.model(upload, log);
        if (!room.tryAcquire()) {
            throw ImportProblems.overloaded(bounds.running());
        }
        try (InputStream body = upload.body().open();
                var rows = upload.parameters().reader(body, bounds.longestRow())) {
            ImportChecks.misfits(upload, model, rows);
            var chunks =
                    new ChunkReader(rows, upload.parameters().layout().id(), bounds.chunkRows());
            return new Reading(upload, model).report(chunks);
        } catch (CsvReader.HeaderMissing e) {
            throw ImportProblems.header(e);
        } catch (Upload.BrokenGzip e) {
            throw ImportProblems.brokenGzip(e);
        } finally {
            room.release();
        }
    }

    private final class Reading {
        private final Upload upload;
        private final EarlierRows earlier;
        private final ArrayNode listed = Json.mapper().createArrayNode();
        private ImportState state;
        private long characters;
        private long rememberedTo;

        Reading(Upload upload, ModelDefinition model) {
            this.upload = upload;
            this.earlier = new EarlierRows(upload.model(), model, bounds.dryRunMemory());
            this.state =
                    ImportChecks.started(
                            new ImportId(UuidCreator.getTimeOrderedEpoch()), upload, "", 0, clock);
        }

        ObjectNode report(ChunkReader chunks) throws IOException {
            Deque<Chunk> todo = new ArrayDeque<>();
            boolean last = false;
            while (!last) {
                Chunk chunk = todo.isEmpty() ? chunks.next() : todo.removeFirst();
                var decided = decide(chunk);
                if (decided == null) {
                    chunk.smaller("").reversed().forEach(todo::addFirst);
                    continue;
                }
                last = chunk.last();
                state = ImportSlices.after(state, chunk, decided);
                earlier.add(decided.entries());
                if (!earlier.isFull()) {
                    rememberedTo = state.line();
                }
                decided.rejected()
                        .forEach(row -> {
                            characters += row.raw().length();
                            if (listed.size() < MOST_LISTED
                                    && characters <= MOST_LISTED_CHARACTERS) {
                                listed.add(ImportView.of(row));
                            }
                        });
            }
            if (state.line() == 0 && ImportParameters.header(chunks.rows()) == null) {
                throw ImportProblems.empty();
            }
            return report();
        }

        private ObjectNode report() {
            var json = Json.mapper().createObjectNode();
            json.put("model", upload.model().value());
            json.put("state", "tried");
            ImportView.counts(json, state);
            if (earlier.isFull()) {
                json.put("duplicatesFoundUpToLine", rememberedTo);
            }
            json.set("rejections", listed);
            json.put("rejectionsLeftOut", state.rejected() - listed.size());
            return json;
        }

        /// @return null if the rows hang on one another over too many steps
        private ChunkDecider.@org.jspecify.annotations.Nullable Decided decide(Chunk chunk) {
            Set<Question> answered = new LinkedHashSet<>();
            List<LogEvent> known = new ArrayList<>();
            for (int round = 0; round < MOST_ROUNDS; round++) {
                var facts = new Facts(answered);
                known.forEach(facts::add);
                earlier.about(answered).forEach(facts::add);
                var inquiry = new Inquiry(facts, model -> null);
                var decision =
                        new ChunkDecider(
                                        state.id(),
                                        upload.model(),
                                        upload.parameters(),
                                        chunk,
                                        inquiry)
                                .decide();
                if (!inquiry.open().isEmpty()) {
                    known.addAll(load(inquiry.open()));
                    answered.addAll(inquiry.open());
                    continue;
                }
                return switch (decision) {
                    case Decision.Accepted<ChunkDecider.Decided> accepted -> accepted.result();
                    case Decision.Refused<ChunkDecider.Decided>(var refusal) ->
                            throw ImportProblems.refused(state.id(), refusal.detail());
                    case Decision.Undecided<ChunkDecider.Decided> _ ->
                            throw new IllegalStateException("undecided, and nothing is asked");
                };
            }
            return null;
        }
    }

    private List<LogEvent> load(Collection<Question> questions) {
        return events
                .newest(questions.stream().map(DryRun::criterion).toList())
                .events()
                .values()
                .stream()
                .map(event -> EventJson.read(event.type(), event.payload()))
                .toList();
    }

    private static Criterion criterion(Question question) {
        return switch (question) {
            case Question.OfModel(var model) -> tagged(EventTag.model(model), Set.of());
            case Question.OfRecord(var record) -> tagged(EventTag.record(record), Set.of());
            case Question.Presence(var record) ->
                    tagged(
                            EventTag.record(record),
                            Set.of(EventType.RECORD_CREATED, EventType.RECORD_DELETED));
            case Question.Claim(var value) -> tagged(EventTag.unique(value), Set.of());
            case Question.ModelsReferringTo _,
                    Question.OfQuery _,
                    Question.Referrers _,
                    Question.Answer _,
                    Question.OfImport _ ->
                    throw new IllegalStateException("No row asks for " + question);
        };
    }

    private static Criterion tagged(EventTag tag, Set<String> types) {
        return new Criterion(types, Set.of(tag.key() + "=" + tag.value()));
    }
}
