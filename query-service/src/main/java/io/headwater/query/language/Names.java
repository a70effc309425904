package io.headwater.query.language;

import io.headwater.contract.Faults;
import io.headwater.query.shape.Column;
import org.jspecify.annotations.Nullable;

/// What the names in a filter or a sort stand for.
@FunctionalInterface
interface Names {
    /// @param where the name stands, for faults
    /// @return null if a fault was added
    @Nullable Column find(String name, String where, Faults faults);
}
