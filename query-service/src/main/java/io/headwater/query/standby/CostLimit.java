package io.headwater.query.standby;

import io.headwater.contract.Json;
import io.headwater.query.asked.Unindexed;
import io.headwater.query.problem.Refusal;
import io.headwater.query.sql.CompiledQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Refuses what would look at too many rows, before it does, and says what to declare in the model.
/// Only a query with a part that no index serves is looked at, and a statement that was found cheap
/// is not looked at again for a while. Safe for concurrent use.
@Component
public class CostLimit {
    private static final long REMEMBERED = Duration.ofMinutes(1).toNanos();
    private static final int MOST_REMEMBERED = 1_000;

    private final ReadProperties properties;
    private final ConcurrentMap<String, Long> cheap = new ConcurrentHashMap<>();

    CostLimit(ReadProperties properties) {
        this.properties = properties;
    }

    /// @throws Refusal if a page would cost too much
    public void page(Connection connection, CompiledQuery query, Unindexed unindexed)
            throws SQLException {
        check(connection, query, unindexed, properties.mostCost());
    }

    /// The same for a summary, which by its nature looks at more.
    public void summary(Connection connection, CompiledQuery query, Unindexed unindexed)
            throws SQLException {
        check(connection, query, unindexed, properties.mostSummaryCost());
    }

    private void check(Connection connection, CompiledQuery query, Unindexed unindexed, long most)
            throws SQLException {
        boolean isIndexed = unindexed.advice().isEmpty();
        Long seen = isIndexed ? null : cheap.get(query.sql());
        if (isIndexed || (seen != null && System.nanoTime() - seen < REMEMBERED)) {
            return;
        }
        double cost = cost(connection, query, unindexed.isGuess());
        if (cost > most) {
            throw Refusal.of(
                    400,
                    "too-costly",
                    "The query would look at too many records",
                    "Its cost is estimated at %,.0f, and at most %,d are allowed: %s. Or narrow it by what is indexed"
                            .formatted(cost, most, String.join("; ", unindexed.advice())));
        }
        if (cheap.size() >= MOST_REMEMBERED) {
            cheap.clear();
        }
        cheap.put(query.sql(), System.nanoTime());
    }

    /// @param isGuess whether the planner has no figures of how many records there are: it takes it
    ///   then that a page is soon full, and we that it never is
    private static double cost(Connection connection, CompiledQuery query, boolean isGuess)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("EXPLAIN (FORMAT JSON) " + query.sql())) {
            query.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                JsonNode plan = Json.mapper().readTree(row.getString(1)).at("/0/Plan");
                return isGuess
                        ? plan.findValues("Total Cost").stream()
                                .mapToDouble(JsonNode::asDouble)
                                .max()
                                .orElse(0)
                        : plan.path("Total Cost").asDouble();
            }
        }
    }
}
