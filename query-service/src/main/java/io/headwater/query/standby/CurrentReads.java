package io.headwater.query.standby;

import io.headwater.contract.ModelName;
import io.headwater.query.problem.Refusal;
import io.headwater.query.shape.RowSource;
import io.headwater.query.sql.CompiledQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Reads whose statements are compiled for models that may have changed meanwhile: the statement
/// says in its own snapshot at which versions they are. Safe for concurrent use.
@Component
public class CurrentReads {
    private static final int ATTEMPTS = 3;

    private final ModelLookup models;

    CurrentReads(ModelLookup models) {
        this.models = models;
    }

    /// What a statement answered.
    ///
    /// @param current whether it is by the models as the statement saw them
    public record Answer<T>(Checkpoint at, boolean current, @Nullable T value) {}

    /// Reads by the models as they were last seen, and anew where the statement saw others.
    ///
    /// @param nothing why there is no value
    /// @throws Refusal (inside the answer where it was founded on a fresh look) if there is no
    ///   model of the name, or if `read` throws one
    public <T> Seen<T> read(
            ModelName name,
            RowSource source,
            Function<QueriedModels, Answer<T>> read,
            Supplier<Refusal> nothing) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var known = new QueriedModels(models, source, attempt > 1);
            Refusal unknown = known.lookUp(name);
            if (unknown != null) {
                return refused(known.lookedUpAt(), unknown);
            }
            try {
                Answer<T> answer = read.apply(known);
                if (answer.current()) {
                    return answer.value() == null
                            ? Seen.refused(answer.at(), nothing.get())
                            : Seen.of(answer.at(), answer.value());
                }
            } catch (SchemaMoved moved) {
                if (attempt == ATTEMPTS) {
                    throw changing(moved);
                }
            } catch (Refusal refusal) {
                if (known.lookedUpAt() != null || refusal.status() != 400) {
                    return refused(known.lookedUpAt(), refusal);
                }
            }
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

    /// How far the read model is, as a statement says in each row.
    public static Checkpoint checkpoint(ResultSet row) throws SQLException {
        return new Checkpoint(
                row.getString(CompiledQuery.EPOCH), row.getLong(CompiledQuery.CHECKPOINT));
    }

    /// Whether a statement saw the models for which it was compiled.
    public static boolean isCurrent(ResultSet row, QueriedModels known, CompiledQuery query)
            throws SQLException {
        int version = row.getInt(CompiledQuery.MODEL_VERSION);
        return known.areOf(
                checkpoint(row),
                row.wasNull() ? null : version,
                query.others(),
                query.others().isEmpty() ? null : row.getString(query.versions()));
    }
}
