package io.headwater.query.api;

import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordSchema;
import io.headwater.query.problem.Refusal;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.Seen;
import io.headwater.query.standby.StandbyReads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what models there are. Safe for concurrent use.
@Component
class ModelReads {
    private static final String LIST =
            """
            SELECT c.epoch, c.position, m.name, m.version, m.retired_at, v.definition, v.position, v.defined_at
              FROM read.checkpoint c
              LEFT JOIN LATERAL (SELECT name, version, retired_at
                                   FROM read.model
                                  WHERE name > ?
                                  ORDER BY name
                                  LIMIT ?) m ON true
              LEFT JOIN read.model_version v ON v.name = m.name AND v.version = m.version
             WHERE c.projection = 'records'
             ORDER BY m.name
            """;
    private static final String ONE =
            """
            SELECT c.epoch, c.position, m.name, v.version, m.retired_at, v.definition, v.position, v.defined_at
              FROM read.checkpoint c
              LEFT JOIN read.model m ON m.name = ?
              LEFT JOIN read.model_version v
                     ON v.name = m.name AND v.version = coalesce(cast(? as integer), m.version)
             WHERE c.projection = 'records'
            """;
    private static final int NAME = 3;
    private static final int VERSION = 4;
    private static final int RETIRED_AT = 5;
    private static final int DEFINITION = 6;
    private static final int POSITION = 7;
    private static final int DEFINED_AT = 8;

    private final StandbyReads standby;

    ModelReads(StandbyReads standby) {
        this.standby = standby;
    }

    /// One page of the models.
    ///
    /// @param next name after which the next page begins; null for the last page
    record ModelPage(ArrayNode items, @Nullable String next) {}

    /// @param after name after which the page begins; empty for the first
    Seen<ModelPage> list(String after, int size) {
        return standby.read(connection -> list(connection, after, size));
    }

    private static Seen<ModelPage> list(Connection connection, String after, int size)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LIST)) {
            statement.setString(1, after);
            statement.setInt(2, size + 1);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                Checkpoint at = new Checkpoint(row.getString(1), row.getLong(2));
                ArrayNode items = Json.mapper().createArrayNode();
                boolean more = row.getString(NAME) != null;
                String last = null;
                while (more && items.size() < size) {
                    items.add(described(row, false));
                    last = row.getString(NAME);
                    more = row.next();
                }
                return Seen.of(at, new ModelPage(items, more ? last : null));
            }
        }
    }

    Seen<ObjectNode> model(ModelName name) {
        return standby.read(connection -> one(connection, name, null, ModelReads::described));
    }

    /// JSON Schema of the payload of the record events of one version.
    ///
    /// @param version null for the newest
    Seen<ObjectNode> schema(ModelName name, @Nullable Integer version) {
        return standby.read(connection -> one(connection, name, version, row -> schema(name, row)));
    }

    private interface Description {
        ObjectNode of(ResultSet row) throws SQLException;
    }

    private static Seen<ObjectNode> one(
            Connection connection,
            ModelName name,
            @Nullable Integer version,
            Description description)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setString(1, name.value());
            statement.setString(2, version == null ? null : version.toString());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                Checkpoint at = new Checkpoint(row.getString(1), row.getLong(2));
                if (row.getString(NAME) == null) {
                    return Seen.refused(at, ModelLookup.unknown(name.value()));
                }
                if (row.getString(VERSION) == null) {
                    return Seen.refused(
                            at,
                            Refusal.of(
                                    404,
                                    "unknown-version",
                                    "No such version",
                                    "The model %s has no version %d".formatted(name, version)));
                }
                return Seen.of(at, description.of(row));
            }
        }
    }

    private static ObjectNode described(ResultSet row) throws SQLException {
        return described(row, true);
    }

    private static ObjectNode described(ResultSet row, boolean whole) throws SQLException {
        ModelDefinition definition = ModelLookup.definition(row.getString(DEFINITION));
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("name", row.getString(NAME));
        if (definition.label() != null) {
            json.put("label", definition.label());
        }
        json.put("version", row.getInt(VERSION));
        OffsetDateTime retiredAt = row.getObject(RETIRED_AT, OffsetDateTime.class);
        json.put("retired", retiredAt != null);
        if (retiredAt != null) {
            json.put("retiredAt", FieldType.Moment.text(retiredAt.toInstant()));
        }
        json.put(
                "definedAt",
                FieldType.Moment.text(row.getObject(DEFINED_AT, OffsetDateTime.class).toInstant()));
        json.put("position", row.getLong(POSITION));
        if (whole) {
            json.set("definition", definition.toJson());
        }
        return json;
    }

    private static ObjectNode schema(ModelName name, ResultSet row) throws SQLException {
        return RecordSchema.ofEvents(
                name, row.getInt(VERSION), ModelLookup.definition(row.getString(DEFINITION)));
    }
}
