package io.headwater.query.shape;

import io.headwater.contract.ModelName;
import org.jspecify.annotations.Nullable;

/// The models that a query may name besides its own, each as of the query's moment.
@FunctionalInterface
public interface Shapes {
    /// @return null if there was no such model then
    @Nullable RecordShape find(ModelName model);
}
