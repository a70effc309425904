package io.headwater.query.rows;

import io.headwater.contract.EventType;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import io.headwater.contract.LogEvent;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryEvent;
import io.headwater.contract.RecordEvent;
import io.headwater.contract.RecordEvent.RecordCreated;
import io.headwater.contract.RecordId;
import io.headwater.contract.RecordRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Fills the read schema as the projection does, with its own statements, but without a log.
public final class ReadTables {
    private static final String TIME = "2026-01-31T10:00:00.123456Z";

    private final DataSource projection;

    /// @param owner connects as the role that owns the database
    /// @param projection connects as the role that projects
    public ReadTables(DataSource owner, DataSource projection) {
        new SchemaMigration(owner).migrate("read");
        this.projection = projection;
    }

    /// Makes a model's table and its first version.
    public void define(String model, ModelDefinition definition) throws SQLException {
        TableLayout layout = layout(model, definition);
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            for (String sql : layout.create()) {
                statement.execute(sql);
            }
            for (String sql : new IndexLayout(new ModelName(model), definition).create().values()) {
                statement.execute(sql);
            }
            version(connection, model, 1, definition);
            execute(connection, "INSERT INTO read.model (name, version) VALUES (?, 1)", model);
        }
    }

    /// Adds the fields that the definition has beyond the one before.
    public void evolve(
            String model, int version, ModelDefinition before, ModelDefinition definition)
            throws SQLException {
        TableLayout layout = layout(model, definition);
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (var field : definition.fields().values()) {
                if (!before.fields().containsKey(field.name())) {
                    for (String sql : layout.addColumn(field)) {
                        statement.execute(sql);
                    }
                }
            }
            version(connection, model, version, definition);
            execute(
                    connection,
                    "UPDATE read.model SET version = ?::integer WHERE name = ?",
                    "" + version,
                    model);
            connection.commit();
        }
    }

    public void retire(String model) throws SQLException {
        try (Connection connection = connection()) {
            execute(
                    connection,
                    "UPDATE read.model SET retired_at = ?::timestamptz WHERE name = ?",
                    TIME,
                    model);
        }
    }

    /// Inserts records at revision 1, all at one position, and leaves the checkpoint as it is.
    public void insert(
            String model,
            ModelDefinition definition,
            long position,
            Map<String, ObjectNode> records)
            throws SQLException {
        List<RecordChanges.Change> changes = new ArrayList<>();
        records.forEach((id, fields) ->
                changes.add(
                        new RecordChanges.Change(
                                id,
                                0,
                                1,
                                1,
                                new RecordCreated(
                                        new RecordRef(new ModelName(model), new RecordId(id)),
                                        1,
                                        1,
                                        fields),
                                position,
                                TIME,
                                TIME,
                                null,
                                position,
                                false)));
        try (Connection connection = connection()) {
            RecordRows.of(layout(model, definition), changes).insert(connection);
        }
    }

    /// An event in the log.
    public record Logged(long position, Instant time, LogEvent event) {
        LogRecord origin() {
            return new LogRecord(
                    position,
                    position,
                    "",
                    new UUID(4242, position).toString(),
                    EventType.of(event),
                    null,
                    FieldType.Moment.text(time),
                    "",
                    0);
        }
    }

    /// Applies events as the projection does, and moves the checkpoint past them: one transaction.
    public void project(String epoch, List<Logged> events) throws SQLException {
        try (Connection connection = connection()) {
            connection.setAutoCommit(false);
            ModelCatalogue catalogue = ModelCatalogue.load(connection);
            var batch = new EventBatch(catalogue);
            for (Logged logged : events) {
                if (logged.event() instanceof ModelEvent model) {
                    batch.write(connection);
                    batch = new EventBatch(catalogue);
                    catalogue.apply(connection, model, logged.origin());
                    catalogue.follow(model);
                } else if (logged.event() instanceof QueryEvent query) {
                    QueryRows.apply(connection, query, logged.origin());
                } else if (logged.event() instanceof RecordEvent record) {
                    batch.add(new EventBatch.Event(logged.origin(), record));
                }
            }
            batch.write(connection);
            execute(
                    connection,
                    "UPDATE read.checkpoint SET epoch = ?, position = ?::bigint",
                    epoch,
                    Long.toString(events.getLast().position()));
            connection.commit();
        }
    }

    public void checkpoint(String epoch, long position) throws SQLException {
        try (Connection connection = connection()) {
            execute(
                    connection,
                    "UPDATE read.checkpoint SET epoch = ?, position = ?::bigint",
                    epoch,
                    Long.toString(position));
        }
    }

    private static void version(
            Connection connection, String model, int version, ModelDefinition definition)
            throws SQLException {
        execute(
                connection,
                "INSERT INTO read.model_version (name, version, definition, position, defined_at)"
                        + " VALUES (?, ?::integer, ?::json, 1, ?::timestamptz)",
                model,
                Integer.toString(version),
                Json.mapper().writeValueAsString(definition.toJson()),
                TIME);
    }

    private static TableLayout layout(String model, ModelDefinition definition) {
        return new TableLayout(new ModelName(model), List.copyOf(definition.fields().values()));
    }

    private Connection connection() throws SQLException {
        Connection connection = projection.getConnection();
        connection.setSchema("read");
        return connection;
    }

    private static void execute(Connection connection, String sql, @Nullable String... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
