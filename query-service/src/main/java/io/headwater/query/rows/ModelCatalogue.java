package io.headwater.query.rows;

import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelEvent.ModelRetired;
import io.headwater.contract.ModelName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The models of one schema, in memory as in its tables `model` and `model_version`. Not safe for
/// concurrent use.
///
/// A column stays when its field leaves the model; so the columns of a table are the fields of all
/// versions.
public final class ModelCatalogue {
    private static final String LOAD =
            """
            SELECT v.name, v.version, v.definition::text
              FROM model_version v
             ORDER BY v.name, v.version
            """;

    private static final String ADD_VERSION =
            """
            INSERT INTO model_version (name, version, definition, position, defined_at)
            VALUES (?, ?, ?::json, ?, ?::timestamptz)
            """;

    private static final String SET_MODEL =
            """
            INSERT INTO model (name, version) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET version = excluded.version, retired_at = NULL
            """;

    private static final String RETIRE =
            """
            UPDATE model SET retired_at = ?::timestamptz WHERE name = ?
            """;

    private final Map<ModelName, Model> models = new HashMap<>();

    /// @param indexes the statements that make them, by their names
    private record Model(int version, Map<String, String> indexes, TableLayout layout) {}

    public static ModelCatalogue load(Connection connection) throws SQLException {
        var catalogue = new ModelCatalogue();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(LOAD)) {
            while (rows.next()) {
                var name = new ModelName(rows.getString(1));
                var definition = read(name, rows.getString(3));
                catalogue.models.put(
                        name, next(name, catalogue.models.get(name), rows.getInt(2), definition));
            }
        }
        return catalogue;
    }

    private static ModelDefinition read(ModelName name, String definition) {
        var faults = new Faults();
        var read = ModelDefinition.read(Json.mapper().readTree(definition), faults);
        if (read == null) {
            throw new IllegalStateException(
                    "The stored definition of the model %s cannot be read by this version: %s"
                            .formatted(name, faults.list()));
        }
        return read;
    }

    /// @throws UnappliableException if the model was never defined
    TableLayout layout(ModelName model) {
        return known(model).layout();
    }

    private Model known(ModelName model) {
        Model known = models.get(model);
        if (known == null) {
            throw new UnappliableException("the model " + model + " was never defined");
        }
        return known;
    }

    /// Changes the tables, in the connection's transaction; [#follow] once that is committed.
    ///
    /// @throws UnappliableException if the event does not follow on what is known of the model
    public void apply(Connection connection, ModelEvent event, LogRecord origin)
            throws SQLException {
        switch (event) {
            case ModelDefined defined -> define(connection, defined, origin);
            case ModelRetired retired -> retire(connection, retired, origin);
        }
    }

    /// The event's transaction is committed.
    public void follow(ModelEvent event) {
        switch (event) {
            case ModelDefined defined -> models.put(defined.model(), after(defined));
            case ModelRetired _ -> {}
        }
    }

    private Model after(ModelDefined event) {
        Model before = models.get(event.model());
        if (before != null && event.version() <= before.version()) {
            throw new UnappliableException(
                    "it makes version %d of the model, which is at version %d"
                            .formatted(event.version(), before.version()));
        }
        return next(event.model(), before, event.version(), event.definition());
    }

    private void define(Connection connection, ModelDefined event, LogRecord origin)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : changes(models.get(event.model()), after(event))) {
                statement.execute(sql);
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(ADD_VERSION)) {
            statement.setString(1, event.model().value());
            statement.setInt(2, event.version());
            statement.setString(3, Json.mapper().writeValueAsString(event.definition().toJson()));
            statement.setLong(4, origin.position());
            statement.setString(5, origin.time());
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(SET_MODEL)) {
            statement.setString(1, event.model().value());
            statement.setInt(2, event.version());
            statement.executeUpdate();
        }
    }

    private void retire(Connection connection, ModelRetired event, LogRecord origin)
            throws SQLException {
        known(event.model());
        try (PreparedStatement statement = connection.prepareStatement(RETIRE)) {
            statement.setString(1, origin.time());
            statement.setString(2, event.model().value());
            statement.executeUpdate();
        }
    }

    private static Model next(
            ModelName name, @Nullable Model before, int version, ModelDefinition definition) {
        var fields = new LinkedHashMap<String, Field>();
        if (before != null) {
            before.layout().fields().forEach(field -> fields.put(field.name(), field));
        }
        for (Field field : definition.fields().values()) {
            Field stored = fields.put(field.name(), field);
            if (stored != null && !TableLayout.sameColumn(stored.type(), field.type())) {
                throw new UnappliableException(
                        "the field %s was of type %s and becomes %s, which its column cannot hold"
                                .formatted(
                                        field.name(), stored.type().name(), field.type().name()));
            }
        }
        return new Model(
                version,
                new IndexLayout(name, definition).create(),
                new TableLayout(name, List.copyOf(fields.values())));
    }

    private static List<String> changes(@Nullable Model before, Model after) {
        var statements = new ArrayList<String>();
        if (before == null) {
            statements.addAll(after.layout().create());
        }
        for (Field field : after.layout().fields()) {
            boolean isThere =
                    before == null
                            || before.layout().fields().stream()
                                    .anyMatch(stored -> stored.name().equals(field.name()));
            if (!isThere) {
                statements.addAll(after.layout().addColumn(field));
            }
        }
        Map<String, String> had = before == null ? Map.of() : before.indexes();
        Map<String, String> has = after.indexes();
        had.forEach((name, index) -> {
            if (!index.equals(has.get(name))) {
                statements.add("DROP INDEX IF EXISTS " + name);
            }
        });
        has.forEach((name, index) -> {
            if (!index.equals(had.get(name))) {
                statements.add(index);
            }
        });
        return statements;
    }
}
