package io.headwater.command.records;

import io.headwater.command.ledger.Reply;
import io.headwater.contract.Json;
import io.headwater.contract.RecordRef;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// What clients are told about the records that they changed.
final class RecordReplies {
    private RecordReplies() {}

    /// Answer to a command for one record: `{"model", "id", "revision"}`.
    static Reply one(List<Written> all) {
        Written written = all.getFirst();
        var headers = Map.of("ETag", "\"" + written.revision() + "\"");
        return switch (written.change()) {
            case CREATED ->
                    new Reply(
                            201,
                            Map.of(
                                    "ETag",
                                    "\"" + written.revision() + "\"",
                                    "Location",
                                    "/records/" + written.record()),
                            json(written));
            case CHANGED, UNCHANGED -> new Reply(200, headers, json(written));
            case DELETED -> new Reply(204, Map.of(), null);
        };
    }

    /// Answer to a batch: `{"results": [{"change", "model", "id", "revision", "local"}]}`.
    static Reply batch(ChangeRecords command, List<Written> all) {
        Map<RecordRef, String> locals = new HashMap<>();
        command.locals().forEach((name, record) -> locals.put(record, name));
        var body = Json.mapper().createObjectNode();
        var results = body.putArray("results");
        for (Written written : all) {
            ObjectNode result = json(written);
            result.put("change", written.change().name().toLowerCase(Locale.ROOT));
            String local = locals.get(written.record());
            if (local != null) {
                result.put("local", local);
            }
            results.add(result);
        }
        return new Reply(200, Map.of(), body);
    }

    private static ObjectNode json(Written written) {
        return Json.mapper()
                .createObjectNode()
                .put("model", written.record().model().value())
                .put("id", written.record().id().value())
                .put("revision", written.revision());
    }
}
