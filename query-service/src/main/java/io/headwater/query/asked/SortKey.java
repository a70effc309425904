package io.headwater.query.asked;

import io.headwater.query.shape.Column;

/// One step of an order. Unset comes after every value, so it is last in ascending and first in
/// descending order.
public record SortKey(Column column, boolean descending) {
    @Override
    public String toString() {
        return (descending ? "-" : "") + column.name();
    }
}
