package io.headwater.eventstore;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Criteria laid out as columns, for `unnest`: who asks, after which position, one tag, the types,
/// the other tags.
final class CriteriaColumns {

    private final List<Integer> owners = new ArrayList<>();
    private final List<Long> afters = new ArrayList<>();
    private final List<@Nullable String> tags = new ArrayList<>();
    private final List<@Nullable String> types = new ArrayList<>();
    private final List<@Nullable String> otherTags = new ArrayList<>();

    void add(int owner, long after, Criterion criterion) {
        List<String> sorted = criterion.tags().stream().sorted().toList();
        owners.add(owner);
        afters.add(after);
        tags.add(sorted.isEmpty() ? null : sorted.getFirst());
        types.add(ArrayLiteral.ofAny(criterion.types()));
        otherTags.add(sorted.size() < 2 ? null : ArrayLiteral.of(sorted.subList(1, sorted.size())));
    }

    /// @param index of the first of five parameters
    void bind(PreparedStatement statement, int index) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(index, connection.createArrayOf("int4", owners.toArray()));
        statement.setArray(index + 1, connection.createArrayOf("int8", afters.toArray()));
        bindTags(statement, index + 2);
    }

    /// @param index of the first of four parameters: owners, tags, types, other tags
    void bindOwnersAndTags(PreparedStatement statement, int index) throws SQLException {
        statement.setArray(
                index, statement.getConnection().createArrayOf("int4", owners.toArray()));
        bindTags(statement, index + 1);
    }

    /// @param index of the first of three parameters: tags, types, other tags
    void bindTags(PreparedStatement statement, int index) throws SQLException {
        statement.setArray(index, text(statement, tags));
        statement.setArray(index + 1, text(statement, types));
        statement.setArray(index + 2, text(statement, otherTags));
    }

    private static Array text(PreparedStatement statement, List<@Nullable String> column)
            throws SQLException {
        return statement.getConnection().createArrayOf("text", column.toArray(new String[0]));
    }
}
