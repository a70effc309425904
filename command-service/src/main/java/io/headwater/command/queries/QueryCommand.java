package io.headwater.command.queries;

import io.headwater.command.ledger.Expected;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryName;

/// What is asked for a named query.
sealed interface QueryCommand {
    QueryName query();

    /// Which version of the query the client goes by.
    Expected expected();

    /// @param dryRun whether only the verdict is wanted
    record DefineQuery(
            QueryName query, QueryDefinition definition, Expected expected, boolean dryRun)
            implements QueryCommand {}

    record RetireQuery(QueryName query, Expected expected) implements QueryCommand {}
}
