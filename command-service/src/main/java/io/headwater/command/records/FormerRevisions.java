package io.headwater.command.records;

import io.headwater.command.http.Problem;
import io.headwater.command.http.ProblemException;
import io.headwater.command.ledger.EventTag;
import io.headwater.contract.EventJson;
import io.headwater.contract.Fault;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordRef;
import io.headwater.eventstore.Criterion;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.StoredEvent;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What records were at former revisions. Nothing can change that any more, so it is read before
/// the command is decided. Safe for concurrent use.
///
/// @param log read from the record's first event on, up to the revision
record FormerRevisions(EventLog log) {

    /// The fields that the record had at the revision that the body names.
    ///
    /// @param body `{"revision": 3}`
    /// @throws ProblemException if it names none, or one that is not there or is a deletion
    ObjectNode fields(RecordRef record, JsonNode body) {
        long revision = revision(body);
        return switch (event(record, revision)) {
            case RecordEvent.Written written -> written.fields().deepCopy();
            case RecordEvent.RecordDeleted _ ->
                    throw new ProblemException(
                            new Problem(
                                    409,
                                    "deleted-revision",
                                    "The revision is a deletion",
                                    "At revision %d the record %s was deleted; name a revision at which it was there"
                                            .formatted(revision, record)));
        };
    }

    private static long revision(JsonNode body) {
        JsonNode revision = body.get("revision");
        if (revision != null
                && body.size() == 1
                && revision.isIntegralNumber()
                && revision.canConvertToLong()
                && revision.longValue() > 0) {
            return revision.longValue();
        }
        var fault =
                new Fault(
                        revision == null ? "" : "/revision",
                        "revision",
                        "Expected {\"revision\": n} with the number of a former revision, from 1, and nothing else");
        throw new ProblemException(
                new Problem(422, "invalid-restore", "The order is not valid", fault.detail())
                        .withFaults(List.of(fault)));
    }

    private RecordEvent event(RecordRef record, long revision) {
        EventTag tag = EventTag.record(record);
        var criterion = Criterion.tagged(tag.key() + "=" + tag.value());
        try (Stream<StoredEvent> events = log.read(List.of(criterion), 0, Long.MAX_VALUE)) {
            return events.map(event -> EventJson.read(event.type(), event.payload()))
                    .filter(event ->
                            event instanceof RecordEvent change && change.revision() == revision)
                    .map(RecordEvent.class::cast)
                    .findFirst()
                    .orElseThrow(() ->
                            new ProblemException(
                                    new Problem(
                                            404,
                                            "unknown-revision",
                                            "No such revision",
                                            "The record %s has no revision %d"
                                                    .formatted(record, revision))));
        }
    }
}
