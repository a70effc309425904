package io.headwater.query.standby;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.problem.Refusal;
import io.headwater.query.shape.RowSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The models that queries are checked against. A cached one is not trusted: the statement that
/// uses it answers with the version in its own snapshot, and where that is another the model is
/// looked up anew. Safe for concurrent use.
@Component
public class ModelLookup {
    private static final String LOOK_UP =
            """
            SELECT c.epoch, c.position, v.version, v.definition, v.position, v.version = m.version
              FROM read.checkpoint c
              LEFT JOIN read.model m ON m.name = ?
              LEFT JOIN read.model_version v
                     ON v.name = m.name
                    AND v.version = (SELECT max(version) FROM read.model_version
                                      WHERE name = m.name AND position <= ?)
             WHERE c.projection = 'records'
            """;

    private final StandbyReads reads;
    private final ConcurrentMap<ModelName, Model> cached = new ConcurrentHashMap<>();

    ModelLookup(StandbyReads reads) {
        this.reads = reads;
    }

    /// The model as it was when last looked up; null if it never was, or is newer than the states
    /// that are read.
    public @Nullable Model cached(ModelName name, RowSource source) {
        Model known = cached.get(name);
        return known == null || known.position() > source.position() ? null : known;
    }

    /// The model that the states obey; a refusal if there is none.
    public Seen<Model> fresh(ModelName name, RowSource source) {
        return reads.read(connection -> lookUp(connection, name, source));
    }

    private Seen<Model> lookUp(Connection connection, ModelName name, RowSource source)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK_UP)) {
            statement.setString(1, name.value());
            statement.setLong(2, source.position());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                var at = new Checkpoint(row.getString(1), row.getLong(2));
                int version = row.getInt(3);
                if (row.wasNull()) {
                    if (source.equals(RowSource.now())) {
                        cached.remove(name);
                    }
                    return Seen.refused(at, unknown(name.value()));
                }
                Model known = cached.get(name);
                if (known == null || !known.isOf(at, version)) {
                    known =
                            Model.of(
                                    name,
                                    at.epoch(),
                                    version,
                                    row.getLong(5),
                                    definition(row.getString(4)));
                    if (row.getBoolean(6)) {
                        cached.put(name, known);
                    }
                }
                return Seen.of(at, known);
            }
        }
    }

    /// Reads a definition as the projection stored it.
    public static ModelDefinition definition(String json) {
        var faults = new Faults();
        var definition = ModelDefinition.read(Json.mapper().readTree(json), faults);
        if (definition == null) {
            throw new IllegalStateException("A stored definition is not valid: " + faults.list());
        }
        return definition;
    }

    /// The model that a path names; 404 if none can be named so.
    public static ModelName name(String text) {
        if (!ModelName.isValid(text)) {
            throw unknown(text);
        }
        return new ModelName(text);
    }

    /// 404 for a model that is not there.
    public static Refusal unknown(String name) {
        String rule = ModelName.isValid(name) ? "" : "; " + ModelName.RULE;
        return Refusal.of(
                404,
                "unknown-model",
                "No such model",
                "There is no model \"%s\"%s. GET /models lists those there are"
                        .formatted(io.headwater.contract.Excerpt.of(name), rule));
    }
}
