package io.headwater.query.export;

import io.headwater.contract.ConsistencyToken;
import io.headwater.query.api.AskedMoment;
import io.headwater.query.api.RecordQueries;
import io.headwater.query.api.RecordWriter;
import io.headwater.query.asked.PageCursor;
import io.headwater.query.asked.RecordQuery;
import io.headwater.query.problem.Refusal;
import io.headwater.query.sql.CompiledQuery;
import io.headwater.query.sql.QueryCompiler;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.CurrentReads;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.QueriedModels;
import io.headwater.query.standby.Seen;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Reads all that a query asks for, in one snapshot and in order. For one thread; it holds a
/// connection until it is closed.
final class ExportRead implements AutoCloseable {
    private static final int FIRST_FETCH = 64;

    private final DataSource standby;
    private final ModelLookup models;
    private final RecordQueries.Asked asked;

    private @Nullable Connection connection;
    private @Nullable ResultSet rows;
    private @Nullable CompiledQuery compiled;
    private List<@Nullable String> last = List.of();

    ExportRead(DataSource standby, ModelLookup models, RecordQueries.Asked asked) {
        this.standby = standby;
        this.models = models;
        this.asked = asked;
    }

    /// Begins, or goes on behind the last record that was read: then of a moment that is pinned.
    ///
    /// @param anew whether nothing counts that is remembered of the models
    /// @return null if a model has changed since it was looked up
    @Nullable Seen<CompiledQuery> open(AskedMoment moment, boolean anew) throws SQLException {
        close();
        var known = new QueriedModels(models, moment.source(), anew);
        Refusal refusal = known.lookUp(asked.model());
        RecordQuery query = null;
        try {
            query =
                    refusal == null
                            ? asked.query().apply(known.shape()).from(moment.source())
                            : null;
        } catch (Refusal unfit) {
            refusal = unfit;
        }
        if (query == null) {
            Checkpoint at = known.lookedUpAt();
            return at == null ? null : Seen.refused(at, Objects.requireNonNull(refusal));
        }
        Connection opened = standby.getConnection();
        connection = opened;
        // In one transaction the driver fetches piece by piece, and in this kind all statements
        // have one snapshot.
        opened.setAutoCommit(false);
        opened.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        Checkpoint at = head(opened, known, query);
        return at == null ? null : Seen.of(at, begin(opened, query.whole(cursor(moment, at))));
    }

    /// How far the read model is; null if the models are not those that are known.
    private static @Nullable Checkpoint head(
            Connection connection, QueriedModels known, RecordQuery asked) throws SQLException {
        CompiledQuery query = QueryCompiler.head(asked);
        try (PreparedStatement statement = connection.prepareStatement(query.sql())) {
            query.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                return CurrentReads.isCurrent(row, known, query)
                        ? CurrentReads.checkpoint(row)
                        : null;
            }
        }
    }

    private @Nullable PageCursor cursor(AskedMoment moment, Checkpoint at) {
        return last.isEmpty() ? null : new PageCursor(last, moment.snapshot(at));
    }

    private CompiledQuery begin(Connection opened, RecordQuery query) throws SQLException {
        CompiledQuery statement = QueryCompiler.rows(query);
        PreparedStatement prepared = opened.prepareStatement(statement.sql());
        prepared.setFetchSize(FIRST_FETCH);
        statement.bind(prepared);
        rows = prepared.executeQuery();
        compiled = statement;
        return statement;
    }

    /// Goes to the next record; false if there is none.
    boolean next() throws SQLException {
        return rows().next();
    }

    /// The record that was gone to.
    ResultSet rows() {
        return Objects.requireNonNull(rows, "open comes first");
    }

    /// Takes note that the current record is dealt with.
    void done() throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        for (CompiledQuery.SortColumn key : Objects.requireNonNull(compiled).sort()) {
            values.add(RecordWriter.text(key.column().type(), rows(), key.index()));
        }
        last = values;
    }

    /// Ends the transaction and gives the connection back, whatever state it is in.
    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        rows = null;
        if (open == null) {
            return;
        }
        try (open) {
            open.rollback();
        } catch (SQLException lost) {
            // The pool does away with it, and the server with its transaction.
        }
    }

    /// Of which moment it goes on after a beginning that saw this.
    static AskedMoment pinned(AskedMoment moment, Checkpoint at) {
        ConsistencyToken token = at.token();
        return token == null ? moment : moment.at(at);
    }
}
