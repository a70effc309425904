package io.headwater.command.ledger;

import io.headwater.contract.EventJson;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Model definitions that were read before, so that a command can be planned without reading its
/// model first, and a definition is parsed once. Only a hint: each command still reads the newest
/// event of its models, in the same statement as all else. Safe for concurrent use.
final class KnownModels {
    private static final int MOST = 10_000;

    private final Map<ModelName, ModelEvent> guesses = new ConcurrentHashMap<>();
    private final Map<String, ModelEvent> parsed = new ConcurrentHashMap<>();

    /// What the model probably is.
    ModelState.@Nullable Live guess(ModelName model) {
        return guesses.get(model) instanceof ModelEvent.ModelDefined now
                ? new ModelState.Live(now.version(), now.definition())
                : null;
    }

    /// Reads an event of the log.
    LogEvent read(String eventId, String type, byte[] payload) {
        ModelEvent known = parsed.get(eventId);
        if (known != null) {
            return known;
        }
        LogEvent event = EventJson.read(type, payload);
        if (event instanceof ModelEvent model) {
            remember(eventId, model);
        }
        return event;
    }

    private void remember(String eventId, ModelEvent event) {
        if (parsed.size() >= MOST) {
            parsed.clear();
            guesses.clear();
        }
        parsed.put(eventId, event);
        guesses.merge(
                event.model(), event, (old, now) -> now.version() >= old.version() ? now : old);
    }
}
