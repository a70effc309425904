package io.headwater.command.ledger;

import io.headwater.contract.CommandAnswered;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportId;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryEvent;
import io.headwater.contract.QueryName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a decider asks. Where the answer is not known yet, it is null (or a guess, for a model),
/// the question is noted, and the decider goes on to find out what else it will need: it is called
/// again once all of that was read.
///
/// Not safe for concurrent use.
public final class Inquiry {
    private final Facts facts;
    private final Function<ModelName, ModelState.@Nullable Live> guess;
    private final Set<Question> open = new LinkedHashSet<>();
    private final Map<String, Map<String, List<RecordRef>>> holders = new HashMap<>();
    private @Nullable Map<String, List<RecordEvent.Written>> texts;

    /// @param guess what a model probably is, so that a command is planned without reading it first
    public Inquiry(Facts facts, Function<ModelName, ModelState.@Nullable Live> guess) {
        this.facts = facts;
        this.guess = guess;
    }

    /// Questions that were asked and have no answer yet.
    public Set<Question> open() {
        return open;
    }

    /// @return null if it is not known yet and there is no guess
    public @Nullable ModelState model(ModelName model) {
        if (isOpen(new Question.OfModel(model))) {
            return guess.apply(model);
        }
        return switch (facts.newest(model)) {
            case null -> new ModelState.Unknown();
            case ModelEvent.ModelDefined now ->
                    new ModelState.Live(now.version(), now.definition());
            case ModelEvent.ModelRetired now -> new ModelState.Retired(now.version());
        };
    }

    /// @return null if it is not known yet
    public @Nullable QueryState query(QueryName query) {
        if (isOpen(new Question.OfQuery(query))) {
            return null;
        }
        return switch (facts.newest(query)) {
            case null -> QueryState.NEVER;
            case QueryEvent.QueryDefined now -> new QueryState(now.version(), now.definition());
            case QueryEvent.QueryRetired now -> new QueryState(now.version(), null);
        };
    }

    /// Models of which some version may have referred to this one.
    ///
    /// @return null if it is not known yet
    public @Nullable Set<ModelName> modelsReferringTo(ModelName model) {
        if (isOpen(new Question.ModelsReferringTo(model))) {
            return null;
        }
        var names = new TreeSet<ModelName>();
        facts.models().forEach(event -> names.add(event.model()));
        return names;
    }

    /// @return null if it is not known yet
    public @Nullable RecordState record(RecordRef record) {
        return isOpen(new Question.OfRecord(record)) ? null : newest(record);
    }

    /// Whether the record is there.
    ///
    /// @return null if it is not known yet
    public @Nullable Boolean isPresent(RecordRef record) {
        if (!facts.isAnswered(new Question.OfRecord(record))
                && isOpen(new Question.Presence(record))) {
            return null;
        }
        return newest(record).exists();
    }

    /// Records that had the value when an event was last seen of them. Each has to be asked for its
    /// state: an event may be in the facts for another reason than this value, and be outdated.
    ///
    /// @return null if it is not known yet
    public @Nullable List<RecordRef> holders(UniqueValue value) {
        if (isOpen(new Question.Claim(value))) {
            return null;
        }
        return byValue(value.model(), value.field()).getOrDefault(value.value(), List.of());
    }

    /// Newest events of the records that referred to this one at any time: the newest event among
    /// those with a tag of the reference, or a later one.
    ///
    /// @return null if it is not known yet
    public @Nullable List<RecordEvent.Written> referrers(RecordRef record) {
        if (isOpen(new Question.Referrers(record))) {
            return null;
        }
        return byText().getOrDefault(record.id().value(), List.of());
    }

    /// The import's last event.
    ///
    /// @return null if it is not known yet, or if there is none
    public @Nullable ImportEvent importEvent(ImportId id) {
        return isOpen(new Question.OfImport(id)) ? null : facts.newest(id);
    }

    /// The stored answer to a command with this key.
    ///
    /// @return null if it is not known yet, or if there is none
    @Nullable CommandAnswered answer(String key) {
        return isOpen(new Question.Answer(key)) ? null : facts.answer();
    }

    private boolean isOpen(Question question) {
        if (facts.isAnswered(question)) {
            return false;
        }
        open.add(question);
        return true;
    }

    private RecordState newest(RecordRef record) {
        return switch (facts.newest(record)) {
            case null -> RecordState.NEVER;
            case RecordEvent.Written now ->
                    new RecordState(now.revision(), now.fields(), now.validFrom());
            case RecordEvent.RecordDeleted now ->
                    new RecordState(now.revision(), null, now.validFrom());
        };
    }

    private Map<String, List<RecordRef>> byValue(ModelName model, String field) {
        return holders.computeIfAbsent(
                model.value() + "/" + field,
                key -> {
                    var byValue = new HashMap<String, List<RecordRef>>();
                    for (var event : facts.records()) {
                        JsonNode value =
                                event instanceof RecordEvent.Written written
                                                && written.record().model().equals(model)
                                        ? written.fields().get(field)
                                        : null;
                        if (value != null) {
                            byValue.computeIfAbsent(value.asString(), v -> new ArrayList<>(1))
                                    .add(event.record());
                        }
                    }
                    return byValue;
                });
    }

    /// Events by the texts in their fields. One walk over all: a cascade asks for thousands.
    private Map<String, List<RecordEvent.Written>> byText() {
        var known = texts;
        if (known == null) {
            known = new HashMap<>();
            for (var event : facts.records()) {
                if (event instanceof RecordEvent.Written written) {
                    for (var value : written.fields()) {
                        if (value.isString() && RecordId.isValid(value.stringValue())) {
                            known.computeIfAbsent(value.stringValue(), id -> new ArrayList<>(1))
                                    .add(written);
                        }
                    }
                }
            }
            texts = known;
        }
        return known;
    }
}
