package io.headwater.bench.mapping;

import io.headwater.contract.RecordRef;
import java.util.Comparator;
import tools.jackson.databind.node.ObjectNode;

/// A record as a file has it.
///
/// @param record what it wants to be; another file may want the same
/// @param row in the file, counted from 1
/// @param fields valid and canonical, each by itself
record Claim(RecordRef record, String path, int row, ObjectNode fields)
        implements Comparable<Claim> {
    private static final Comparator<Claim> ORDER =
            Comparator.comparing(Claim::path).thenComparingInt(Claim::row);

    @Override
    public int compareTo(Claim other) {
        return ORDER.compare(this, other);
    }
}
