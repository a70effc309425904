package io.headwater.command.ledger;

import io.headwater.contract.CommandAnswered;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportId;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryEvent;
import io.headwater.contract.QueryName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordRef;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one command knows of the log: the questions that were answered, and the newest event seen
/// of each record, model, query and import. This is the event-sourced entity that commands are
/// decided on.
///
/// Events may be added in any order: revisions and versions tell which is newer. Not safe for
/// concurrent use.
public final class Facts {
    private final Set<Question> answered = new HashSet<>();
    private final Map<RecordRef, RecordEvent> records = new HashMap<>();
    private final Map<ModelName, ModelEvent> models = new HashMap<>();
    private final Map<QueryName, QueryEvent> queries = new HashMap<>();
    private final Map<ImportId, ImportEvent> imports = new HashMap<>();
    private @Nullable CommandAnswered answer;

    public Facts() {}

    /// @param answered questions whose answers are about to be added
    public Facts(Collection<Question> answered) {
        this.answered.addAll(answered);
    }

    public Facts add(LogEvent event) {
        switch (event) {
            case RecordEvent next ->
                    records.merge(
                            next.record(),
                            next,
                            (old, now) -> now.revision() >= old.revision() ? now : old);
            case ModelEvent next ->
                    models.merge(
                            next.model(),
                            next,
                            (old, now) -> now.version() >= old.version() ? now : old);
            case QueryEvent next ->
                    queries.merge(
                            next.query(),
                            next,
                            (old, now) -> now.version() >= old.version() ? now : old);
            case ImportEvent next ->
                    imports.merge(
                            next.state().id(), next, (old, now) -> isAfter(now, old) ? now : old);
            case CommandAnswered next -> answer = next;
        }
        return this;
    }

    private static boolean isAfter(ImportEvent now, ImportEvent old) {
        if (now instanceof ImportEvent.ImportEnded) {
            return true;
        }
        return !(old instanceof ImportEvent.ImportEnded)
                && now.state().rows() >= old.state().rows();
    }

    /// Takes over all that others know.
    void addAll(Facts others) {
        answered.addAll(others.answered);
        others.records.values().forEach(this::add);
        others.models.values().forEach(this::add);
        others.queries.values().forEach(this::add);
        others.imports.values().forEach(this::add);
        if (others.answer != null) {
            answer = others.answer;
        }
    }

    boolean isAnswered(Question question) {
        return answered.contains(question);
    }

    @Nullable RecordEvent newest(RecordRef record) {
        return records.get(record);
    }

    @Nullable ModelEvent newest(ModelName model) {
        return models.get(model);
    }

    @Nullable QueryEvent newest(QueryName query) {
        return queries.get(query);
    }

    @Nullable ImportEvent newest(ImportId id) {
        return imports.get(id);
    }

    @Nullable CommandAnswered answer() {
        return answer;
    }

    Collection<RecordEvent> records() {
        return records.values();
    }

    Collection<ModelEvent> models() {
        return models.values();
    }
}
