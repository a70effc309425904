package io.headwater.query.summary;

import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import io.headwater.query.api.AskedMoment;
import io.headwater.query.api.RecordWriter;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.asked.SummaryQuery;
import io.headwater.query.shape.Column;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.sql.CompiledQuery;
import io.headwater.query.sql.SummaryCompiler;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;

/// Reads summaries from the standby, a page of groups each, as JSON. Safe for concurrent use.
@Component
class SummaryReads {
    private final StandbyReads standby;
    private final CurrentReads current;
    private final CostLimit limit;

    SummaryReads(StandbyReads standby, CurrentReads current, CostLimit limit) {
        this.limit = limit;
        this.standby = standby;
        this.current = current;
    }

    /// @param next cursor of the page behind this one; null for the last
    /// @param body UTF-8
    @SuppressWarnings("ArrayRecordComponent") // handed on to be sent, never compared
    record Page(byte[] body, @Nullable String next) {}

    /// @param query the query, as far as it fits a model
    Seen<Page> page(
            ModelName model, AskedMoment moment, Function<RecordShape, SummaryQuery> query) {
        return current.read(
                model,
                moment.source(),
                known -> {
                    SummaryQuery asked = query.apply(known.shape()).from(moment.source());
                    CompiledQuery compiled = SummaryCompiler.page(asked);
                    return standby.read(connection -> {
                        limit.summary(connection, compiled, asked.unindexed());
                        return page(connection, known, asked, moment, compiled);
                    });
                },
                () -> {
                    throw new IllegalStateException("A page is there even if it has no groups");
                });
    }

    private static Answer<Page> page(
            Connection connection,
            QueriedModels known,
            SummaryQuery query,
            AskedMoment moment,
            CompiledQuery compiled)
            throws SQLException {
        // In one piece: groups are small, and a result that comes piece by piece is worked out by
        // one process alone.
        try (PreparedStatement statement = connection.prepareStatement(compiled.sql())) {
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
        }
    }

    private static Page page(
            ResultSet row, SummaryQuery query, PageCursor.Snapshot snapshot, CompiledQuery compiled)
            throws SQLException {
        var body = new ByteArrayOutputStream(4096);
        String next = null;
        try (JsonGenerator json = Json.mapper().createGenerator(body)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("items");
            boolean more = row.getString(CompiledQuery.ID) != null;
            for (int groups = 1; more; groups++) {
                group(json, query, compiled, row);
                String here =
                        groups == query.size()
                                ? cursor(row, snapshot, compiled).encode(query.binding())
                                : null;
                more = row.next();
                if (here != null) {
                    next = more ? here : null;
                    break;
                }
            }
            json.writeEndArray();
            if (next != null) {
                json.writeStringProperty("next", next);
            }
            json.writeEndObject();
        }
        return new Page(body.toByteArray(), next);
    }

    private static void group(
            JsonGenerator json, SummaryQuery query, CompiledQuery compiled, ResultSet row)
            throws SQLException {
        json.writeStartObject();
        json.writeObjectPropertyStart("group");
        for (int i = 0; i < compiled.shown().size(); i++) {
            if (i == query.grouped()) {
                json.writeEndObject();
            }
            Column column = compiled.shown().get(i);
            RecordWriter.member(
                    json, column.name(), column.type(), row, CompiledQuery.FIRST_FIELD + i);
        }
        json.writeEndObject();
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
