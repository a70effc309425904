package io.headwater.query.api;

import io.headwater.contract.EventJson;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordRef;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.Seen;
import io.headwater.query.standby.StandbyReads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the revisions of a record from the standby's own copy of the log, as far as the tables
/// are. Safe for concurrent use.
@Component
class HistoryReads {
    /// A revision and the one before it, which tells what has changed. The filters are looked at
    /// before the page is cut, newest first.
    private static final String PAGE =
            """
            SELECT c.epoch, c.position,
                   EXISTS (SELECT FROM read.model m WHERE m.name = a.model),
                   EXISTS (SELECT FROM log.event_tag t WHERE t.tag = a.tag AND t.position <= least(c.position, a.as_of)),
                   a.field IS NULL OR EXISTS (SELECT FROM read.model_version v
                                               WHERE v.name = a.model AND v.definition -> 'fields' -> a.field IS NOT NULL),
                   h.position, h.type, h.at_micros, h.payload,
                   h.metadata ->> 'actor', h.metadata ->> 'cause', h.before
              FROM read.checkpoint c
             CROSS JOIN (SELECT ?::text, ?::text COLLATE "C", ?::bigint, ?::bigint, ?::text, ?::text, ?::bigint, ?::bigint)
                     AS a (model, tag, as_of, after, field, actor, since, until)
              LEFT JOIN LATERAL (
                   SELECT e.position, e.type, e.at_micros, e.payload, e.metadata::json AS metadata, b.payload AS before
                     FROM log.event_tag t
                     JOIN log.event e ON e.position = t.position
                     LEFT JOIN LATERAL (SELECT be.payload
                                          FROM log.event_tag bt
                                          JOIN log.event be ON be.position = bt.position
                                         WHERE bt.tag = a.tag AND bt.position < t.position
                                         ORDER BY bt.position DESC
                                         LIMIT 1) b ON true
                    WHERE t.tag = a.tag
                      AND t.position <= least(c.position, a.as_of)
                      AND t.position < a.after
                      AND e.at_micros BETWEEN a.since AND a.until
                      AND (a.actor IS NULL OR e.metadata::json ->> 'actor' = a.actor)
                      AND (a.field IS NULL
                           OR CASE e.type
                              WHEN 'headwater.RecordCreated' THEN e.payload::json -> 'fields' -> a.field IS NOT NULL
                              WHEN 'headwater.RecordDeleted' THEN b.payload::json -> 'fields' -> a.field IS NOT NULL
                              ELSE EXISTS (SELECT FROM json_array_elements_text(e.payload::json -> 'changed') AS n (name)
                                            WHERE n.name = a.field)
                              END)
                    ORDER BY t.position DESC
                    LIMIT ?) h ON true
             WHERE c.projection = 'records'
             ORDER BY h.position DESC
            """;

    private static final int POSITION = 6;

    private final StandbyReads standby;

    HistoryReads(StandbyReads standby) {
        this.standby = standby;
    }

    /// Which revisions are asked for.
    ///
    /// @param asOf position of the last event that counts
    /// @param after position of the last revision of the page before; `Long.MAX_VALUE` for none
    /// @param field that the revisions changed; null for any
    /// @param since time of the earliest, inclusive
    /// @param until time of the latest, inclusive
    record Asked(
            RecordRef record,
            long asOf,
            long after,
            @Nullable String field,
            @Nullable String actor,
            Instant since,
            Instant until,
            int size) {}

    /// One page, newest first.
    ///
    /// @param next position after which the next page begins; null for the last page
    record Page(List<Revision> revisions, @Nullable Long next) {}

    /// @param json as it is answered
    record Revision(long position, Instant at, ObjectNode json) {}

    Seen<Page> page(Asked asked) {
        return standby.read(connection -> page(connection, asked));
    }

    private static Seen<Page> page(Connection connection, Asked asked) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
            statement.setString(1, asked.record().model().value());
            statement.setString(2, "record=" + asked.record());
            statement.setLong(3, asked.asOf());
            statement.setLong(4, asked.after());
            statement.setString(5, asked.field());
            statement.setString(6, asked.actor());
            statement.setLong(7, ChronoUnit.MICROS.between(Instant.EPOCH, asked.since()));
            statement.setLong(8, ChronoUnit.MICROS.between(Instant.EPOCH, asked.until()));
            statement.setInt(9, asked.size() + 1);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                var at = new Checkpoint(row.getString(1), row.getLong(2));
                Refusal refusal = refusal(asked, row);
                return refusal == null ? Seen.of(at, page(asked, row)) : Seen.refused(at, refusal);
            }
        }
    }

    private static @Nullable Refusal refusal(Asked asked, ResultSet row) throws SQLException {
        if (!row.getBoolean(3)) {
            return ModelLookup.unknown(asked.record().model().value());
        }
        if (!row.getBoolean(4)) {
            return Refusal.of(
                    404,
                    "unknown-record",
                    "No such record",
                    "The model %s has no record \"%s\" and had none"
                            .formatted(asked.record().model(), asked.record().id()));
        }
        return row.getBoolean(5)
                ? null
                : Refusal.badInput(
                        Place.PARAMETER,
                        "field",
                        "unknown-field",
                        "No version of the model %s has a field of this name"
                                .formatted(asked.record().model()));
    }

    private static Page page(Asked asked, ResultSet row) throws SQLException {
        var revisions = new ArrayList<Revision>();
        boolean more = row.getString(POSITION) != null;
        while (more && revisions.size() < asked.size()) {
            revisions.add(revision(row));
            more = row.next();
        }
        return new Page(revisions, more ? revisions.getLast().position() : null);
    }

    private static Revision revision(ResultSet row) throws SQLException {
        long position = row.getLong(POSITION);
        Instant at = Instant.EPOCH.plus(row.getLong(POSITION + 2), ChronoUnit.MICROS);
        var event =
                (RecordEvent)
                        EventJson.read(row.getString(POSITION + 1), row.getString(POSITION + 3));
        String before = row.getString(POSITION + 6);
        ObjectNode json =
                Json.mapper()
                        .createObjectNode()
                        .put("revision", event.revision())
                        .put("position", position)
                        .put("change", change(event))
                        .put("at", FieldType.Moment.text(at))
                        .put(
                                "validFrom",
                                FieldType.Moment.text(
                                        event.validFrom() == null ? at : event.validFrom()))
                        .put("modelVersion", event.modelVersion());
        put(json, "actor", row.getString(POSITION + 4));
        put(json, "cause", row.getString(POSITION + 5));
        // A deletion has no fields, and neither has what was before the first revision.
        changes(
                json,
                before == null
                        ? Json.mapper().createObjectNode()
                        : Json.mapper().readTree(before).path("fields"),
                event instanceof RecordEvent.Written written
                        ? written.fields()
                        : Json.mapper().createObjectNode());
        return new Revision(position, at, json);
    }

    private static String change(RecordEvent event) {
        return switch (event) {
            case RecordEvent.RecordCreated _ -> "created";
            case RecordEvent.RecordChanged _ -> "changed";
            case RecordEvent.RecordDeleted _ -> "deleted";
        };
    }

    /// What is not set is left out.
    private static void changes(ObjectNode json, JsonNode before, JsonNode after) {
        Set<String> names = new LinkedHashSet<>(after.propertyNames());
        names.addAll(before.propertyNames());
        var changes = json.putArray("changes");
        for (String name : names) {
            JsonNode from = before.get(name);
            JsonNode to = after.get(name);
            if (from == null || !from.equals(to)) {
                ObjectNode change = changes.addObject().put("field", name);
                if (from != null) {
                    change.set("from", from);
                }
                if (to != null) {
                    change.set("to", to);
                }
            }
        }
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
