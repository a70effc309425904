package io.headwater.query.api;

import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.contract.RecordId;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.expansion.Expansions;
import io.headwater.query.problem.Refusal;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import io.headwater.query.sql.CompiledQuery;
import io.headwater.query.sql.QueryCompiler;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.CostLimit;
import io.headwater.query.standby.CurrentReads;
import io.headwater.query.standby.CurrentReads.Answer;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.QueriedModels;
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

    /// With up to a hundred others beside each.
    private static final int FETCHED_WITH_LISTS = 8;

    private final StandbyReads standby;
    private final CurrentReads current;
    private final CostLimit limit;

    RecordReads(StandbyReads standby, CurrentReads current, CostLimit limit) {
        this.limit = limit;
        this.standby = standby;
        this.current = current;
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

    /// @param expand what is put beside it, as far as it fits a model
    Seen<OneRecord> record(
            ModelName model,
            RecordId id,
            RowSource source,
            Function<RecordShape, Expansions> expand) {
        return current.read(
                model,
                source,
                known -> {
                    CompiledQuery compiled = byId(known, id, source, expand.apply(known.shape()));
                    return standby.read(connection -> one(connection, known, compiled));
                },
                () ->
                        Refusal.of(
                                404,
                                "unknown-record",
                                "No such record",
                                "The model %s has no record \"%s\"".formatted(model, id)));
    }

    /// @param query the query, as far as it fits a model
    /// @throws Refusal (inside the answer) if it does not
    public Seen<Page> page(
            ModelName model, AskedMoment moment, Function<RecordShape, RecordQuery> query) {
        return current.read(
                model,
                moment.source(),
                known -> {
                    RecordQuery asked = query.apply(known.shape()).from(moment.source());
                    CompiledQuery compiled = QueryCompiler.page(asked);
                    return standby.read(connection -> {
                        limit.page(connection, compiled, asked.unindexed());
                        return page(connection, known, asked, moment, compiled);
                    });
                },
                () -> {
                    throw new IllegalStateException("A page is there even if it has no records");
                });
    }

    private static CompiledQuery byId(
            QueriedModels known, RecordId id, RowSource source, Expansions expand) {
        return source.equals(RowSource.now()) && expand.equals(Expansions.NONE)
                ? known.own().byId().withLast(id.value())
                : QueryCompiler.byId(known.shape(), id.value(), expand, source);
    }

    private static Answer<OneRecord> one(
            Connection connection, QueriedModels known, CompiledQuery query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            query.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                Checkpoint at = CurrentReads.checkpoint(row);
                boolean current = CurrentReads.isCurrent(row, known, query);
                if (row.getString(CompiledQuery.ID) == null || !current) {
                    return new Answer<>(at, current, null);
                }
                var body = new ByteArrayOutputStream(512);
                try (JsonGenerator json = Json.mapper().createGenerator(body)) {
                    RecordWriter.envelope(json, known.own().name(), query, row);
                }
                return new Answer<>(
                        at,
                        true,
                        new OneRecord(
                                row.getLong(CompiledQuery.REVISION),
                                row.getObject(CompiledQuery.UPDATED_AT, OffsetDateTime.class)
                                        .toInstant(),
                                body.toByteArray()));
            }
        }
    }

    private static Answer<Page> page(
            Connection connection,
            QueriedModels known,
            RecordQuery query,
            AskedMoment moment,
            CompiledQuery compiled)
            throws SQLException {
        int fetched = query.expand().hasLists() ? FETCHED_WITH_LISTS : FETCHED;
        // Only inside a transaction does the driver fetch piece by piece, so that no page fills the
        // memory.
        boolean inPieces = query.size() >= fetched;
        if (inPieces) {
            connection.setAutoCommit(false);
        }
        try (PreparedStatement statement = connection.prepareStatement(compiled.sql())) {
            statement.setFetchSize(fetched);
            compiled.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                Checkpoint at = CurrentReads.checkpoint(row);
                return CurrentReads.isCurrent(row, known, compiled)
                        ? new Answer<>(at, true, page(row, query, moment.snapshot(at), compiled))
                        : new Answer<>(at, false, null);
            }
        } finally {
            if (inPieces) {
                connection.rollback();
            }
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
                RecordWriter.envelope(json, query.shape().model(), compiled, row);
                json.flush();
                PageCursor here =
                        records == query.size() || body.size() >= LARGEST_BODY
                                ? cursor(row, snapshot, compiled)
                                : null;
                more = row.next();
                if (here != null) {
                    next = more ? here.encode(query.binding()) : null;
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
}
