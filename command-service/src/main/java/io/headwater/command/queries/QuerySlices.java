package io.headwater.command.queries;

import io.headwater.command.ledger.Reply;
import io.headwater.command.ledger.Slice;
import io.headwater.command.models.Verdict;
import io.headwater.command.queries.QueryCommand.DefineQuery;
import io.headwater.command.queries.QueryCommand.RetireQuery;
import io.headwater.contract.Json;
import io.headwater.contract.QueryName;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The commands for named queries, for the ledger to handle.
public final class QuerySlices {
    static final Slice<DefineQuery, Verdict> DEFINE =
            new Slice<>(
                    "headwater.DefineQuery",
                    DefineQuery.class,
                    QueryDecider::define,
                    (command, verdict) -> reply(command.query(), verdict));

    static final Slice<RetireQuery, Verdict> RETIRE =
            new Slice<>(
                    "headwater.RetireQuery",
                    RetireQuery.class,
                    QueryDecider::retire,
                    (command, verdict) -> reply(command.query(), verdict));

    private QuerySlices() {}

    public static List<Slice<?, ?>> all() {
        return List.of(DEFINE, RETIRE);
    }

    /// `{"query", "version", "change"}`; nothing for a query that is gone.
    private static Reply reply(QueryName query, Verdict verdict) {
        var body =
                Json.mapper()
                        .createObjectNode()
                        .put("query", query.value())
                        .put("version", verdict.version())
                        .put("change", verdict.change().name().toLowerCase(Locale.ROOT));
        String etag = "\"" + verdict.version() + "\"";
        return switch (verdict.change()) {
            case DEFINED ->
                    new Reply(201, Map.of("ETag", etag, "Location", "/queries/" + query), body);
            case EVOLVED, UNCHANGED -> new Reply(200, Map.of("ETag", etag), body);
            case RETIRED -> new Reply(204, Map.of(), null);
        };
    }
}
