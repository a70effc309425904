package io.headwater.query.api;

import io.headwater.contract.Json;
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
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Continents, countries, airports and runways, which refer to one another, in the read model of
/// the platform; made by events, so that there is a past to ask about. Their models' names begin
/// with a prefix, so that each test has its own.
final class Atlas {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final Platform platform;
    private final String prefix;
    private final List<Logged> events = new ArrayList<>();
    private final Map<String, RecordEvent> newest = new HashMap<>();
    private long position;

    Atlas(Platform platform, String prefix) {
        this.platform = platform;
        this.prefix = prefix;
    }

    /// The name of a model here.
    String name(String model) {
        return prefix + model;
    }

    Atlas define(String model, String fields) {
        ModelDefinition definition =
                Platform.definition("{\"fields\":" + fields.replace("^", prefix) + "}");
        position++;
        events.add(
                new Logged(
                        position,
                        now(),
                        new ModelDefined(new ModelName(name(model)), 1, definition)));
        return this;
    }

    Atlas put(String model, String id, String fields) {
        var ref = new RecordRef(new ModelName(name(model)), new RecordId(id));
        ObjectNode json = (ObjectNode) Json.mapper().readTree(fields);
        RecordEvent before = newest.get(ref.toString());
        long revision = before == null ? 1 : before.revision() + 1;
        return add(
                ref,
                before == null
                        ? new RecordCreated(ref, 1, revision, json)
                        : new RecordChanged(
                                ref, 1, revision, json, new TreeSet<>(json.propertyNames())));
    }

    Atlas delete(String model, String id) {
        var ref = new RecordRef(new ModelName(name(model)), new RecordId(id));
        RecordEvent before = java.util.Objects.requireNonNull(newest.get(ref.toString()));
        return add(ref, new RecordDeleted(ref, 1, before.revision() + 1));
    }

    private Atlas add(RecordRef ref, RecordEvent event) {
        position++;
        newest.put(ref.toString(), event);
        events.add(new Logged(position, now(), event));
        return this;
    }

    private Instant now() {
        return START.plus(Duration.ofSeconds(position));
    }

    /// Brings all that was said so far into the read model.
    ///
    /// @return the place in the log
    String project() throws SQLException {
        platform.tables().project(Platform.EPOCH, events);
        events.clear();
        platform.replicate();
        return Platform.EPOCH + "." + position;
    }

    /// The usual content.
    String fill() throws SQLException {
        define(
                "continent",
                """
                {"name": {"type": "text", "indexed": true}}\
                """);
        define(
                "country",
                """
                {"name": {"type": "text", "indexed": true}, "people": {"type": "integer"},
                 "continent": {"type": "reference", "to": "^continent"},
                 "facts": {"type": "json"}}\
                """);
        define(
                "airport",
                """
                {"name": {"type": "text"}, "city": {"type": "text", "indexed": true},
                 "country": {"type": "reference", "to": "^country"},
                 "alternate": {"type": "reference", "to": "^airport"},
                 "opened": {"type": "date"}, "seen": {"type": "timestamp"},
                 "fee": {"type": "decimal", "precision": 9, "scale": 2},
                 "public": {"type": "boolean"}, "kind": {"type": "enum", "options": ["large", "small"]},
                 "tags": {"type": "list", "items": {"type": "text"}},
                 "fees": {"type": "list", "items": {"type": "decimal", "precision": 9, "scale": 2}},
                 "seens": {"type": "list", "items": {"type": "timestamp"}},
                 "address": {"type": "json"}}\
                """);
        define(
                "runway",
                """
                {"airport": {"type": "reference", "to": "^airport"}, "length": {"type": "integer"}}\
                """);
        define(
                "lounge",
                """
                {"at": {"type": "reference", "to": "^airport"}, "near": {"type": "reference", "to": "^airport"}}\
                """);
        put("continent", "EU", "{\"name\":\"Europe\"}");
        put("continent", "OC", "{\"name\":\"Oceania\"}");
        put(
                "country",
                "NZ",
                "{\"name\":\"New Zealand\",\"people\":5,\"continent\":\"OC\",\"facts\":{\"drives\":\"left\"}}");
        put(
                "country",
                "DE",
                "{\"name\":\"Germany\",\"people\":84,\"continent\":\"EU\",\"facts\":{\"drives\":\"right\"}}");
        put("country", "XX", "{\"name\":\"Nowhere\"}");
        put(
                "airport",
                "AKL",
                """
                {"name":"Auckland","city":"Auckland","country":"NZ","opened":"1966-01-29","seen":"2026-01-31T10:00:00.123456Z",
                 "fee":"12.50","public":true,"kind":"large","tags":["hub","sea"],"fees":["1.00","2.50"],
                 "seens":["2026-01-31T10:00:00.000000Z"],
                 "address":{"city":"Māngere","zip":"2022","floor":3,"open":true,"lines":["a","b"],"none":null,"geo":{"lat":-37.01}}}\
                """);
        put(
                "airport",
                "WLG",
                """
                {"name":"Wellington \\"windy\\"","city":"Wellington","country":"NZ","alternate":"AKL","fee":"9.00","kind":"small","tags":["sea"],
                 "address":{"city":"Rongotai","zip":6022,"floor":12,"open":false,"geo":{"lat":-41.33}}}\
                """);
        put(
                "airport",
                "FRA",
                """
                {"name":"Frankfurt","city":"Frankfurt","country":"DE","fee":"99.99","kind":"large","tags":["hub"],
                 "address":{"city":{"name":"Frankfurt"},"zip":"60547","geo":5}}\
                """);
        put("airport", "NIL", "{\"name\":\"Nil\",\"country\":\"XX\"}");
        put("airport", "ZZZ", "{\"name\":\"Lost\",\"country\":\"gone\",\"tags\":[]}");
        put("runway", "05R", "{\"airport\":\"AKL\",\"length\":3635}");
        put("runway", "16", "{\"airport\":\"WLG\",\"length\":2081}");
        put("runway", "07C", "{\"airport\":\"FRA\",\"length\":4000}");
        put("runway", "18", "{\"airport\":\"FRA\",\"length\":4000}");
        put("lounge", "L1", "{\"at\":\"AKL\",\"near\":\"WLG\"}");
        return project();
    }
}
