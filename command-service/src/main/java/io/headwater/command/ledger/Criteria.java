package io.headwater.command.ledger;

import io.headwater.contract.EventType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;

/// Axon's criteria of the events that answer questions.
final class Criteria {
    private static final Set<QualifiedName> COMING_AND_GOING =
            Set.of(
                    new QualifiedName(EventType.RECORD_CREATED),
                    new QualifiedName(EventType.RECORD_DELETED));

    private Criteria() {}

    static EventCriteria of(Collection<Question> questions) {
        List<EventCriteria> criteria = new ArrayList<>(questions.size());
        questions.forEach(question -> criteria.add(of(question)));
        return EventCriteria.either(criteria);
    }

    private static EventCriteria of(Question question) {
        return switch (question) {
            case Question.OfModel(var model) -> tagged(EventTag.model(model));
            case Question.ModelsReferringTo(var model) -> tagged(EventTag.target(model));
            case Question.OfQuery(var query) -> tagged(EventTag.query(query));
            case Question.OfRecord(var record) -> tagged(EventTag.record(record));
            case Question.Presence(var record) ->
                    // A rename of a country is of no interest to an airport in it.
                    EventCriteria.havingTags(axon(EventTag.record(record)))
                            .andBeingOneOfTypes(COMING_AND_GOING);
            case Question.Claim(var value) -> tagged(EventTag.unique(value));
            case Question.Referrers(var record) -> tagged(EventTag.reference(record));
            case Question.Answer(var key) -> tagged(EventTag.command(key));
            case Question.OfImport(var id) -> tagged(EventTag.ofImport(id));
        };
    }

    private static EventCriteria tagged(EventTag tag) {
        return EventCriteria.havingTags(axon(tag));
    }

    static Tag axon(EventTag tag) {
        return Tag.of(tag.key(), tag.value());
    }
}
