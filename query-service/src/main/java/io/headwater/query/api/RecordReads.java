package io.headwater.query.api;

import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.query.language.CompiledQuery;
import io.headwater.query.language.PageCursor;
import io.headwater.query.language.QueryCompiler;
import io.headwater.query.language.RecordQuery;
import io.headwater.query.language.RecordShape;
import io.headwater.query.language.RowSource;
import io.headwater.query.problem.Refusal;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.Model;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.SchemaMoved;
import io.headwater.query.standby.Seen;
import io.headwater.query.standby.StandbyReads;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;

/// Reads records from the standby, one or a page of them, as JSON. Safe for concurrent use.
@Component
public class RecordReads {
    /// A page ends early, with a cursor, once it has this many bytes.
    private static final int LARGEST_BODY = 4 * 1024 * 1024;

    /// Rows that come from the database at once.
    private static final int FETCHED = 64;

    private static final int ATTEMPTS = 3;

    private final StandbyReads standby;
    private final ModelLookup models;

    RecordReads(StandbyReads standby, ModelLookup models) {
        this.standby = standby;
        this.models = models;
    }

    /// @param revision of the record
    /// @param at time of its event
    /// @param body its envelope, UTF-8
    @SuppressWarnings("ArrayRecordComponent") // handed on to be sent, never compared
    record OneRecord(long revision, Instant at, byte[] body) {}

    /// @param next cursor of the page behind this one; null for the last
    /// @param body UTF-8
    /// @param before bytes of the body before the cursor, which differs each time
    @SuppressWarnings("ArrayRecordComponent") // handed on to be sent, never compared
    public record Page(byte[] body, int before, @Nullable String next) {
        /// Of the records, and of whether there are more.
        public String etag() {
            return EntityTags.ofContent(body, next == null ? body.length : before);
        }
    }

    /// What a statement answered.
    ///
    /// @param version of the model in the statement's snapshot; null if it was not there
    private record Answer<T>(Checkpoint at, @Nullable Integer version, @Nullable T value) {}

    Seen<OneRecord> record(ModelName model, RecordId id, RowSource source) {
        return read(
                model,
                source,
                known -> standby.read(connection -> one(connection, known, id, source)),
                () ->
                        Refusal.of(
                                404,
                                "unknown-record",
                                "No such record",
                                "The model %s has no record \"%s\"".formatted(model, id)));
    }

    /// @param query the query, as far as it fits a model
    /// @throws Refusal (inside the answer) if it does not
    public Seen<Page> page(ModelName model, AskedMoment moment, Function<RecordShape, RecordQuery> query) {
        return read(
                model,
                moment.source(),
                known -> {
                    RecordQuery asked = query.apply(known.shape()).from(moment.source());
                    CompiledQuery compiled = QueryCompiler.page(asked);
                    return standby.read(connection -> page(connection, asked, moment, compiled));
                },
                () -> {
                    throw new IllegalStateException("A page is there even if it has no records");
                });
    }

    /// Reads by the model as it was last seen, and anew where the statement saw another.
    private <T> Seen<T> read(
            ModelName name,
            RowSource source,
            Function<Model, Answer<T>> read,
            Supplier<Refusal> nothing) {
        Model model = models.cached(name, source);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Checkpoint lookedUpAt = null;
            if (model == null) {
                Seen<Model> fresh = models.fresh(name, source);
                if (fresh.refusal() != null) {
                    return Seen.refused(fresh.at(), fresh.refusal());
                }
                model = fresh.orRefuse();
                lookedUpAt = fresh.at();
            }
            try {
                Answer<T> answer = read.apply(model);
                if (model.isOf(answer.at(), answer.version())) {
                    return answer.value() == null
                            ? Seen.refused(answer.at(), nothing.get())
                            : Seen.of(answer.at(), answer.value());
                }
            } catch (SchemaMoved moved) {
                if (attempt == ATTEMPTS) {
                    throw changing(moved);
                }
            } catch (Refusal refusal) {
                if (lookedUpAt != null || refusal.status() != 400) {
                    return refused(lookedUpAt, refusal);
                }
            }
            model = null;
        }
        throw changing(null);
    }

    private static <T> Seen<T> refused(@Nullable Checkpoint at, Refusal refusal) {
        if (at == null) {
            throw refusal;
        }
        return Seen.refused(at, refusal);
    }

    private static Refusal changing(@Nullable SchemaMoved moved) {
        Refusal refusal =
                Refusal.later(
                        "model-changing",
                        "The model is changing",
                        "The model changed again and again while the query was run; try again in a moment");
        if (moved != null) {
            refusal.addSuppressed(moved);
        }
        return refusal;
    }

    private static Answer<OneRecord> one(
            Connection connection, Model model, RecordId id, RowSource source) throws SQLException {
        CompiledQuery query =
                source.equals(RowSource.now())
                        ? model.byId()
                        : QueryCompiler.byId(model.shape(), source);
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            query.bind(statement);
            statement.setString(query.binds().size(), id.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                Checkpoint at = checkpoint(row);
                Integer version = version(row);
                if (row.getString(CompiledQuery.ID) == null || !model.isOf(at, version)) {
                    return new Answer<>(at, version, null);
                }
                var body = new ByteArrayOutputStream(512);
                try (JsonGenerator json = Json.mapper().createGenerator(body)) {
                    RecordWriter.envelope(json, model.name(), query.shown(), row);
                }
                return new Answer<>(
                        at,
                        version,
                        new OneRecord(
                                row.getLong(CompiledQuery.REVISION),
                                row.getObject(CompiledQuery.UPDATED_AT, OffsetDateTime.class)
                                        .toInstant(),
                                body.toByteArray()));
            }
        }
    }

    private static Answer<Page> page(
            Connection connection, RecordQuery query, AskedMoment moment, CompiledQuery compiled)
            throws SQLException {
        // Only inside a transaction does the driver fetch piece by piece, so that no page fills the
        // memory.
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(compiled.sql())) {
            statement.setFetchSize(FETCHED);
            compiled.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                Checkpoint at = checkpoint(row);
                return new Answer<>(
                        at, version(row), page(row, query, moment.snapshot(at), compiled));
            }
        } finally {
            connection.rollback();
        }
    }

    private static Page page(
            ResultSet row, RecordQuery query, PageCursor.Snapshot snapshot, CompiledQuery compiled)
            throws SQLException {
        var body = new ByteArrayOutputStream(4096);
        String next = null;
        int before;
        try (JsonGenerator json = Json.mapper().createGenerator(body)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("items");
            boolean more = row.getString(CompiledQuery.ID) != null;
            for (int records = 1; more; records++) {
                RecordWriter.envelope(json, query.shape().model(), compiled.shown(), row);
                json.flush();
                PageCursor here =
                        records == query.size() || body.size() >= LARGEST_BODY
                                ? cursor(row, snapshot, compiled)
                                : null;
                more = row.next();
                if (here != null) {
                    next = more ? here.encode(query) : null;
                    break;
                }
            }
            json.writeEndArray();
            json.flush();
            before = body.size();
            if (next != null) {
                json.writeStringProperty("next", next);
            }
            json.writeEndObject();
        }
        return new Page(body.toByteArray(), before, next);
    }

    private static PageCursor cursor(
            ResultSet row, PageCursor.Snapshot snapshot, CompiledQuery compiled)
            throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        for (CompiledQuery.SortColumn key : compiled.sort()) {
            values.add(RecordWriter.text(key.column().type(), row, key.index()));
        }
        return new PageCursor(values, snapshot);
    }

    private static Checkpoint checkpoint(ResultSet row) throws SQLException {
        return new Checkpoint(
                row.getString(CompiledQuery.EPOCH), row.getLong(CompiledQuery.CHECKPOINT));
    }

    private static @Nullable Integer version(ResultSet row) throws SQLException {
        int version = row.getInt(CompiledQuery.MODEL_VERSION);
        return row.wasNull() ? null : version;
    }
}
