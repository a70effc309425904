package io.headwater.query.api;

import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordEvent.RecordChanged;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordEvent.RecordDeleted;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import io.headwater.query.rows.ReadTables.Logged;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A log of random changes of one model's records, and what its records were at any moment: worked
/// out by reading the log from its beginning, with plain maps. What it does depends on the seed
/// alone. One thread may write while others read.
final class Past {
    static final Instant START = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final int RECORDS = 60;

    static final ModelDefinition FIRST =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text", "indexed": true}, "n": {"type": "integer", "indexed": true},
                                "old": {"type": "text"}}}
                    """);
    static final ModelDefinition SECOND =
            Platform.definition(
                    """
                    {"fields": {"name": {"type": "text", "indexed": true}, "n": {"type": "integer", "indexed": true},
                                "note": {"type": "decimal", "precision": 9, "scale": 2}}}
                    """);

    private final ModelName model;
    private final Random random;
    private final List<Logged> log = new CopyOnWriteArrayList<>();
    private final Map<String, RecordEvent> newest = new TreeMap<>();
    private int version;
    private Instant time = START;

    /// A record at a moment.
    record State(
            String id,
            RecordEvent.Written written,
            long position,
            Instant createdAt,
            Instant updatedAt) {}

    Past(String model, long seed) {
        this.model = new ModelName(model);
        this.random = new Random(seed);
    }

    List<Logged> log() {
        return log;
    }

    long position() {
        return log.size();
    }

    /// Appends events, at least one, of which the first may be about the model.
    List<Logged> append(int events) {
        int before = log.size();
        for (int i = 0; i < events; i++) {
            log.add(new Logged(log.size() + 1L, time, change()));
            // Many events have the same time: a transaction's.
            time = time.plus(Duration.ofMillis(random.nextInt(3)));
        }
        return List.copyOf(log.subList(before, log.size()));
    }

    Logged define(ModelDefinition definition) {
        version++;
        var logged =
                new Logged(log.size() + 1L, time, new ModelDefined(model, version, definition));
        log.add(logged);
        time = time.plus(Duration.ofMillis(5));
        return logged;
    }

    private LogEvent change() {
        String id = "r" + random.nextInt(RECORDS);
        var ref = new RecordRef(model, new RecordId(id));
        RecordEvent before = newest.get(id);
        long revision = before == null ? 1 : before.revision() + 1;
        Instant from =
                random.nextInt(3) > 0
                        ? null
                        : time.plus(Duration.ofMillis(random.nextInt(1600) - 800));
        RecordEvent next;
        if (before == null || before instanceof RecordDeleted) {
            next = new RecordCreated(ref, version, revision, fields(), from);
        } else if (random.nextInt(5) == 0) {
            next = new RecordDeleted(ref, version, revision, from);
        } else {
            ObjectNode fields = fields();
            next =
                    new RecordChanged(
                            ref,
                            version,
                            revision,
                            fields,
                            changed(((RecordEvent.Written) before).fields(), fields),
                            from);
        }
        newest.put(id, next);
        return next;
    }

    static Set<String> changed(ObjectNode before, ObjectNode after) {
        var names = new TreeSet<>(before.propertyNames());
        names.addAll(after.propertyNames());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return names;
    }

    private ObjectNode fields() {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        if (random.nextInt(6) > 0) {
            fields.put("name", "name" + random.nextInt(5));
        }
        if (random.nextInt(6) > 0) {
            fields.put("n", random.nextInt(8));
        }
        if (random.nextBoolean()) {
            fields.put(
                    version == 1 ? "old" : "note",
                    version == 1 ? "o" + random.nextInt(3) : random.nextInt(9) + ".50");
        }
        return fields;
    }

    /// What each record was, by id.
    ///
    /// @param asOf position of the last event that is known
    /// @param validAt null for whatever is newest
    Map<String, State> at(long asOf, @Nullable Instant validAt) {
        Map<String, State> states = new TreeMap<>();
        Map<String, Instant> created = new TreeMap<>();
        for (Logged logged : log.subList(0, (int) asOf)) {
            if (logged.event() instanceof RecordEvent event) {
                String id = event.record().id().value();
                if (event instanceof RecordCreated) {
                    created.put(id, logged.time());
                }
                Instant from = event.validFrom() == null ? logged.time() : event.validFrom();
                if (validAt != null && from.isAfter(validAt)) {
                    continue;
                }
                switch (event) {
                    case RecordEvent.Written written ->
                            states.put(
                                    id,
                                    new State(
                                            id,
                                            written,
                                            logged.position(),
                                            Objects.requireNonNull(created.get(id)),
                                            logged.time()));
                    case RecordDeleted _ -> states.remove(id);
                }
            }
        }
        return states;
    }

    /// Position of the last event that is not later.
    long positionAt(Instant moment) {
        return log.stream().filter(logged -> !logged.time().isAfter(moment)).count();
    }

    /// Definition that held; null before the first.
    @Nullable ModelDefinition definition(long asOf) {
        var defined = new ArrayList<ModelDefinition>();
        for (Logged logged : log.subList(0, (int) asOf)) {
            if (logged.event() instanceof ModelDefined event) {
                defined.add(event.definition());
            }
        }
        return defined.isEmpty() ? null : defined.getLast();
    }
}
