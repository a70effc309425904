package io.headwater.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON of the events of imports.
final class ImportJson {
    private ImportJson() {}

    static void write(ObjectNode json, ImportEvent event) {
        state(json, event.state());
        switch (event) {
            case ImportEvent.ImportStarted _ -> {}
            case ImportEvent.ImportAdvanced advanced -> {
                var rows = json.putArray("rejections");
                advanced.rejected().forEach(row -> row(rows.addObject(), row));
            }
            case ImportEvent.ImportEnded ended -> {
                json.put("outcome", ended.outcome().name().toLowerCase(Locale.ROOT));
                json.put("reason", ended.reason());
            }
        }
    }

    static ImportEvent.ImportAdvanced advanced(JsonNode json) {
        var rows = new ArrayList<RejectedRow>();
        for (var row : EventJson.member(json, "rejections")) {
            rows.add(row(row));
        }
        return new ImportEvent.ImportAdvanced(state(json), rows);
    }

    static ImportEvent.ImportEnded ended(JsonNode json) {
        String outcome = EventJson.text(json, "outcome");
        for (var known : ImportEvent.Outcome.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(outcome)) {
                return new ImportEvent.ImportEnded(
                        state(json), known, EventJson.text(json, "reason"));
            }
        }
        throw new IllegalArgumentException("\"outcome\" is not known: " + Excerpt.of(outcome));
    }

    static ImportState state(JsonNode json) {
        return new ImportState(
                ImportId.parse(EventJson.text(json, "import"))
                        .orElseThrow(() -> new IllegalArgumentException("\"import\" is no UUID")),
                EventJson.model(json),
                parameters(json),
                EventJson.text(json, "digest"),
                EventJson.whole(json, "bytes"),
                moment(json),
                EventJson.whole(json, "line"),
                EventJson.whole(json, "created"),
                EventJson.whole(json, "changed"),
                EventJson.whole(json, "skipped"),
                EventJson.whole(json, "rejected"));
    }

    private static void state(ObjectNode json, ImportState state) {
        json.put("import", state.id().toString());
        json.put("model", state.model().value());
        var parameters = json.putObject("parameters");
        state.parameters().forEach(parameters::put);
        json.put("digest", state.digest());
        json.put("bytes", state.bytes());
        json.put("startedAt", FieldType.Moment.text(state.startedAt()));
        json.put("line", state.line());
        json.put("created", state.created());
        json.put("changed", state.changed());
        json.put("skipped", state.skipped());
        json.put("rejected", state.rejected());
    }

    private static void row(ObjectNode json, RejectedRow row) {
        json.put("line", row.line());
        json.put("raw", row.raw());
        if (row.cut()) {
            json.put("cut", true);
        }
        var errors = json.putArray("errors");
        for (var fault : row.faults()) {
            errors.addObject()
                    .put("pointer", fault.pointer())
                    .put("code", fault.code())
                    .put("detail", fault.detail());
        }
    }

    private static RejectedRow row(JsonNode json) {
        List<Fault> faults = new ArrayList<>();
        for (var error : EventJson.member(json, "errors")) {
            faults.add(
                    new Fault(
                            EventJson.text(error, "pointer"),
                            EventJson.text(error, "code"),
                            EventJson.text(error, "detail")));
        }
        return new RejectedRow(
                EventJson.whole(json, "line"),
                EventJson.text(json, "raw"),
                json.has("cut"),
                faults);
    }

    private static Map<String, String> parameters(JsonNode json) {
        var parameters = new LinkedHashMap<String, String>();
        for (var member : EventJson.object(json, "parameters").properties()) {
            parameters.put(member.getKey(), member.getValue().asString());
        }
        return parameters;
    }

    private static Instant moment(JsonNode json) {
        try {
            return Instant.parse(EventJson.text(json, "startedAt"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("\"startedAt\" is no moment", e);
        }
    }
}
