package io.headwater.command.imports;

import io.headwater.command.spool.Spool;
import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.FieldType;
import io.headwater.contract.ImportEvent;
import io.headwater.contract.ImportEvent.ImportEnded;
import io.headwater.contract.ImportId;
import io.headwater.contract.ImportState;
import io.headwater.contract.Json;
import io.headwater.contract.RejectedRow;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Imports as clients see them. Safe for concurrent use.
final class ImportView {
    /// Longest that a running import goes without an event, unless something is wrong.
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final ImportLog log;
    private final ImportQueue queue;
    private final Spool spool;
    private final Clock clock;

    ImportView(ImportLog log, ImportQueue queue, Spool spool, Clock clock) {
        this.log = log;
        this.queue = queue;
        this.spool = spool;
        this.clock = clock;
    }

    ObjectNode of(ImportLog.Stored stored) {
        ImportEvent event = stored.event();
        var json = Json.mapper().createObjectNode();
        json.put("import", event.state().id().toString());
        json.put("model", event.state().model().value());
        json.put("state", state(stored));
        counts(json, event.state());
        json.put("bytes", event.state().bytes());
        json.put("startedAt", FieldType.Moment.text(event.state().startedAt()));
        String now = FieldType.Moment.text(stored.at());
        if (event instanceof ImportEnded ended) {
            json.put("endedAt", now);
            if (!ended.reason().isEmpty()) {
                json.put("reason", ended.reason());
            }
        } else {
            json.put("movedAt", now);
        }
        rate(json, event.state(), Duration.between(event.state().startedAt(), stored.at()));
        var parameters = json.putObject("parameters");
        event.state().parameters().forEach(parameters::put);
        json.put("consistencyToken", token(stored.position()).toString());
        json.put("rejectedRows", place(event.state().id()) + "/rejected");
        return json;
    }

    static void counts(ObjectNode json, ImportState state) {
        json.put("line", state.line());
        json.put("rows", state.rows());
        json.put("accepted", state.accepted());
        json.put("created", state.created());
        json.put("changed", state.changed());
        json.put("skipped", state.skipped());
        json.put("rejected", state.rejected());
    }

    static ObjectNode of(RejectedRow row) {
        var json = Json.mapper().createObjectNode();
        json.put("line", row.line());
        var errors = json.putArray("errors");
        for (var fault : row.faults()) {
            errors.addObject()
                    .put("pointer", fault.pointer())
                    .put("code", fault.code())
                    .put("detail", fault.detail());
        }
        json.put("raw", row.raw());
        if (row.cut()) {
            json.put("cut", true);
        }
        return json;
    }

    static String place(ImportId id) {
        return "/imports/" + id;
    }

    ConsistencyToken token(long position) {
        return new ConsistencyToken(log.epoch(), position);
    }

    private String state(ImportLog.Stored stored) {
        if (stored.event() instanceof ImportEnded ended) {
            return ended.outcome().name().toLowerCase(Locale.ROOT);
        }
        ImportId id = stored.event().state().id();
        var phase = queue.phase(id);
        if (phase.isPresent()) {
            return phase.get().name().toLowerCase(Locale.ROOT);
        }
        // Another service may have it, here or elsewhere.
        boolean isQuiet = Duration.between(stored.at(), clock.instant()).compareTo(QUIET) > 0;
        if (isQuiet) {
            return spool.isSafe(id) ? "waiting" : "stalled";
        }
        return stored.event().state().line() == 0 ? "waiting" : "running";
    }

    private static void rate(ObjectNode json, ImportState state, Duration time) {
        if (state.rows() > 0 && time.toMillis() > 0) {
            json.put("rowsPerSecond", state.rows() * 1_000 / time.toMillis());
        }
    }
}
