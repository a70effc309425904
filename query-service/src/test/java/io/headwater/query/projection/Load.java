package io.headwater.query.projection;

import static io.headwater.query.projection.TestEvents.changed;
import static io.headwater.query.projection.TestEvents.created;
import static io.headwater.query.projection.TestEvents.defined;
import static io.headwater.query.projection.TestEvents.deleted;

import io.headwater.contract.LogEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Random creates, changes and deletes of two models, in transactions of random size, some of them
/// aborted. What it does depends on the seed alone.
final class Load {
    static final List<String> MODELS = List.of("customer", "country");
    static final List<String> FIELDS = List.of("name", "n");
    private static final String DEFINITION =
            """
            {"fields": {"name": {"type": "text", "unique": true}, "n": {"type": "integer", "indexed": true}}}\
            """;

    private final TestLog log;
    private final Random random;
    private final Map<String, Long> revisions = new HashMap<>();
    private final Map<String, Boolean> alive = new HashMap<>();

    Load(TestLog log, long seed) {
        this.log = log;
        this.random = new Random(seed);
        MODELS.forEach(model -> log.append(defined(model, 1, DEFINITION)));
    }

    /// Appends one transaction.
    ///
    /// @return position of its last event
    long append() {
        if (random.nextInt(10) == 0) {
            log.abort(created("customer", "never", "{\"name\":\"never\"}"));
        }
        var events = new ArrayList<LogEvent>();
        int size = 1 + random.nextInt(40);
        for (int i = 0; i < size; i++) {
            events.add(next());
        }
        return log.append(events);
    }

    private LogEvent next() {
        String model = MODELS.get(random.nextInt(2));
        String id = "r" + random.nextInt(300);
        String key = model + "/" + id;
        long revision = revisions.merge(key, 1L, Long::sum);
        String fields =
                random.nextInt(5) == 0
                        ? "{\"name\":\"%s %d\"}".formatted(id, revision)
                        : "{\"name\":\"%s %d\",\"n\":%d}"
                                .formatted(id, revision, random.nextLong());
        if (!alive.getOrDefault(key, false)) {
            alive.put(key, true);
            return created(model, id, revision, fields);
        }
        if (random.nextInt(4) == 0) {
            alive.put(key, false);
            return deleted(model, id, revision);
        }
        return changed(model, id, revision, fields);
    }
}
