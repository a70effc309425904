package io.headwater.query.standby;

import io.headwater.contract.ModelName;
import io.headwater.query.problem.Refusal;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.shape.RowSource;
import io.headwater.query.shape.Shapes;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The models that one query is checked against and compiled for, looked up as it names them. Used
/// by one thread.
public final class QueriedModels implements Shapes {
    private final ModelLookup lookup;
    private final RowSource source;
    private final boolean anew;
    private final SortedMap<ModelName, Model> models = new TreeMap<>();
    private @Nullable Model own;
    private boolean trusting;
    private @Nullable Checkpoint lookedUpAt;

    /// @param anew whether nothing that is remembered counts
    public QueriedModels(ModelLookup lookup, RowSource source, boolean anew) {
        this.lookup = lookup;
        this.source = source;
        this.anew = anew;
    }

    /// Looks the query's own model up; a refusal if there is none.
    public @Nullable Refusal lookUp(ModelName name) {
        own = model(name);
        return own == null ? ModelLookup.unknown(name.value()) : null;
    }

    /// The query's own model, once it was looked up.
    public Model own() {
        return Objects.requireNonNull(own);
    }

    /// The shape of the query's own model, among the others.
    public RecordShape shape() {
        return own().shape().among(this);
    }

    @Override
    public @Nullable RecordShape find(ModelName model) {
        Model known = model(model);
        return known == null ? null : known.shape().among(this);
    }

    private @Nullable Model model(ModelName name) {
        Model known = models.get(name);
        if (known == null) {
            known = anew ? null : lookup.cached(name, source);
            trusting |= known != null;
        }
        if (known == null) {
            Seen<Model> fresh = lookup.fresh(name, source);
            lookedUpAt = fresh.at();
            known = fresh.refusal() == null ? fresh.orRefuse() : null;
        }
        if (known != null) {
            models.put(name, known);
        }
        return known;
    }

    /// Where the read model was when the models were looked up; null if any of them is only
    /// remembered.
    public @Nullable Checkpoint lookedUpAt() {
        return trusting ? null : lookedUpAt;
    }

    /// Whether a statement saw the models as they are here.
    ///
    /// @param version of the query's own model in the statement's snapshot
    /// @param versions of the others, in [CompiledQuery#versions]
    public boolean areOf(
            Checkpoint at,
            @Nullable Integer version,
            List<ModelName> others,
            @Nullable String versions) {
        if (!own().isOf(at, version)) {
            return false;
        }
        SortedMap<ModelName, Integer> expected = new TreeMap<>();
        for (ModelName other : others) {
            Model model = models.get(other);
            if (model == null || !model.epoch().equals(at.epoch())) {
                return false;
            }
            expected.put(other, model.version());
        }
        return others.isEmpty() || String.valueOf(RowSource.versions(expected)).equals(versions);
    }
}
