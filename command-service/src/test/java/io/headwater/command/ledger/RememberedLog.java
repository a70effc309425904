package io.headwater.command.ledger;

import io.headwater.contract.EventJson;
import io.headwater.contract.EventType;
import io.headwater.contract.LogEvent;
import io.headwater.contract.RecordEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// The log as deciders see it, without a database: it answers questions from the tags of what was
/// appended, and no more than the real one does. Events go through their JSON.
public final class RememberedLog {
    private static final int MOST_ROUNDS = 50;

    private final List<Entry> entries = new ArrayList<>();
    private final Map<EventTag, List<LogEvent>> byTag = new HashMap<>();
    private int rounds;

    /// Decides a command and appends what it comes to.
    public <C, R> Decision<R> send(BiFunction<C, Inquiry, Decision<R>> decider, C command) {
        var facts = new Facts();
        for (rounds = 1; rounds <= MOST_ROUNDS; rounds++) {
            var inquiry = new Inquiry(facts, model -> null);
            Decision<R> decision = decider.apply(command, inquiry);
            if (decision instanceof Decision.Undecided<R>(var questions)) {
                facts.addAll(answers(questions));
            } else {
                if (decision instanceof Decision.Accepted<R> accepted) {
                    append(accepted.entries());
                }
                return decision;
            }
        }
        throw new AssertionError("undecided after " + MOST_ROUNDS + " rounds");
    }

    /// How often the last command was decided.
    public int rounds() {
        return rounds;
    }

    public List<Entry> entries() {
        return entries;
    }

    public Entry last() {
        return entries.getLast();
    }

    public void append(List<Entry> more) {
        for (Entry entry : more) {
            LogEvent event = entry.event();
            String type = EventType.of(event);
            LogEvent read = EventJson.read(type, EventJson.write(event));
            entries.add(new Entry(read, entry.tags()));
            for (EventTag tag : entry.tags()) {
                byTag.computeIfAbsent(tag, t -> new ArrayList<>()).add(read);
            }
        }
    }

    private Facts answers(Set<Question> questions) {
        var facts = new Facts(questions);
        questions.forEach(question -> matching(question).forEach(facts::add));
        return facts;
    }

    private Stream<LogEvent> matching(Question question) {
        return switch (question) {
            case Question.OfModel(var model) -> newest(EventTag.model(model));
            case Question.OfQuery(var query) -> newest(EventTag.query(query));
            case Question.OfRecord(var record) -> newest(EventTag.record(record));
            case Question.Claim(var value) -> newest(EventTag.unique(value));
            case Question.Answer(var key) -> newest(EventTag.command(key));
            case Question.OfImport(var id) -> newest(EventTag.ofImport(id));
            case Question.ModelsReferringTo(var model) -> tagged(EventTag.target(model));
            case Question.Referrers(var record) -> tagged(EventTag.reference(record));
            case Question.Presence(var record) ->
                    tagged(EventTag.record(record))
                            .filter(event -> !(event instanceof RecordEvent.RecordChanged))
                            .reduce((old, now) -> now)
                            .stream();
        };
    }

    private Stream<LogEvent> newest(EventTag tag) {
        return tagged(tag).reduce((old, now) -> now).stream();
    }

    private Stream<LogEvent> tagged(EventTag tag) {
        return byTag.getOrDefault(tag, List.of()).stream();
    }
}
