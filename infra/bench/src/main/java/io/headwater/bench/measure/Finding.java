package io.headwater.bench.measure;

import java.util.List;
import java.util.Map;

/// What came out for one row.
///
/// @param rounds at least one
/// @param notes facts that help to read it, such as sizes and start-up times; in order
public record Finding(Row row, List<Round> rounds, Map<String, Object> notes) {

    public Finding {
        rounds = List.copyOf(rounds);
    }

    public boolean met() {
        return row.bar().isMetBy(rounds);
    }

    public boolean hasYardstick() {
        return rounds.getFirst().yardstick() != null;
    }
}
