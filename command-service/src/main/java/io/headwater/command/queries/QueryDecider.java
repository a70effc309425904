package io.headwater.command.queries;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.ModelState;
import io.headwater.command.ledger.QueryState;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.command.models.Verdict;
import io.headwater.command.models.Verdict.Change;
import io.headwater.command.queries.QueryCommand.DefineQuery;
import io.headwater.command.queries.QueryCommand.RetireQuery;
import io.headwater.contract.Fault;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryEvent;
import io.headwater.contract.QueryEvent.QueryDefined;
import io.headwater.contract.QueryEvent.QueryRetired;
import io.headwater.contract.QueryName;
import java.util.List;
import java.util.Set;

/// Decides what becomes of named queries. Pure.
final class QueryDecider {
    private QueryDecider() {}

    static Decision<Verdict> define(DefineQuery command, Inquiry log) {
        QueryState now = log.query(command.query());
        ModelState model = log.model(command.definition().model());
        if (now == null || model == null || !log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        if (now.isRetired()) {
            return refused(retired(command.query()));
        }
        Refusal stale = command.expected().missedBy("query " + command.query(), now.version());
        if (stale != null) {
            return refused(stale);
        }
        if (!(model instanceof ModelState.Live live)) {
            return refused(
                    new Refusal(
                            Reason.UNKNOWN_MODEL,
                            "There is no model %s to ask; define it first"
                                    .formatted(command.definition().model()),
                            List.of()));
        }
        List<Fault> misfits = QueryFit.misfits(command.definition(), live.definition());
        if (!misfits.isEmpty()) {
            return refused(new Refusal(Reason.INVALID_QUERY, misfits.getFirst().detail(), misfits));
        }
        QueryDefinition before = now.definition();
        return before == null
                ? defined(command, new Verdict(Change.DEFINED, 1))
                : changed(command, now.version(), before);
    }

    private static Decision<Verdict> changed(
            DefineQuery command, int version, QueryDefinition before) {
        if (before.toJson().equals(command.definition().toJson())) {
            return new Decision.Accepted<>(List.of(), new Verdict(Change.UNCHANGED, version));
        }
        List<Fault> reasons = QueryCompatibility.breaks(before, command.definition());
        if (!reasons.isEmpty()) {
            return refused(
                    new Refusal(
                            Reason.BREAKING_CHANGE,
                            "The change could break those who call the query: "
                                    + reasons.getFirst().detail()
                                    + (reasons.size() == 1 ? "" : " (and more, see errors)"),
                            reasons));
        }
        return defined(command, new Verdict(Change.EVOLVED, version + 1));
    }

    private static Decision<Verdict> defined(DefineQuery command, Verdict verdict) {
        var event = new QueryDefined(command.query(), verdict.version(), command.definition());
        return new Decision.Accepted<>(
                command.dryRun() ? List.of() : List.of(entry(event)), verdict);
    }

    static Decision<Verdict> retire(RetireQuery command, Inquiry log) {
        QueryState now = log.query(command.query());
        if (now == null || !log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        if (now.isRetired()) {
            return refused(retired(command.query()));
        }
        if (now.version() == 0) {
            return refused(
                    new Refusal(
                            Reason.UNKNOWN_QUERY,
                            "There is no query " + command.query(),
                            List.of()));
        }
        Refusal stale = command.expected().missedBy("query " + command.query(), now.version());
        if (stale != null) {
            return refused(stale);
        }
        var event = new QueryRetired(command.query(), now.version() + 1);
        return new Decision.Accepted<>(
                List.of(entry(event)), new Verdict(Change.RETIRED, event.version()));
    }

    private static Entry entry(QueryEvent event) {
        return new Entry(event, Set.of(EventTag.query(event.query())));
    }

    private static Refusal retired(QueryName query) {
        return new Refusal(
                Reason.QUERY_RETIRED,
                "The query %s is retired and its name stays taken".formatted(query),
                List.of());
    }

    private static Decision<Verdict> refused(Refusal refusal) {
        return new Decision.Refused<>(refusal);
    }
}
