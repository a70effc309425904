package io.headwater.query.language;

/// One step of an order. Unset comes after every value, so it is last in ascending and first in
/// descending order.
record SortKey(Column column, boolean descending) {
    @Override
    public String toString() {
        return (descending ? "-" : "") + column.name();
    }
}
