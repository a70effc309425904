package io.headwater.query.named;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryName;
import io.headwater.query.problem.Refusal;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.Seen;
import io.headwater.query.standby.StandbyReads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Reads which named queries there are. Safe for concurrent use.
@Component
class NamedQueryReads {
    private static final String LIST =
            """
            SELECT c.epoch, c.position, q.name, v.version, q.version, q.retired_at, v.definition, v.position, v.defined_at
              FROM read.checkpoint c
              LEFT JOIN LATERAL (SELECT name, version, retired_at
                                   FROM read.query
                                  WHERE name > ?
                                  ORDER BY name
                                  LIMIT ?) q ON true
              LEFT JOIN read.query_version v ON v.name = q.name AND v.version = q.version
             WHERE c.projection = 'records'
             ORDER BY q.name
            """;
    private static final String ONE =
            """
            SELECT c.epoch, c.position, q.name, v.version, q.version, q.retired_at, v.definition, v.position, v.defined_at
              FROM read.checkpoint c
              LEFT JOIN read.query q ON q.name = ?
              LEFT JOIN read.query_version v
                     ON v.name = q.name AND v.version = coalesce(cast(? as integer), q.version)
             WHERE c.projection = 'records'
            """;
    private static final int NAME = 3;
    private static final int VERSION = 4;
    private static final int NEWEST = 5;
    private static final int RETIRED_AT = 6;
    private static final int DEFINITION = 7;
    private static final int POSITION = 8;
    private static final int DEFINED_AT = 9;

    private final StandbyReads standby;

    NamedQueryReads(StandbyReads standby) {
        this.standby = standby;
    }

    /// One page of the queries, each in its newest version.
    ///
    /// @param after name after which the page begins; empty for the first
    /// @return one more than the size, if there are more
    Seen<List<NamedQuery>> list(String after, int size) {
        return standby.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LIST)) {
                statement.setString(1, after);
                statement.setInt(2, size + 1);
                try (ResultSet row = statement.executeQuery()) {
                    Checkpoint at = checkpoint(row);
                    List<NamedQuery> queries = new ArrayList<>();
                    boolean more = row.getString(NAME) != null;
                    while (more) {
                        queries.add(query(row));
                        more = row.next();
                    }
                    return Seen.of(at, queries);
                }
            }
        });
    }

    /// @param version null for the newest
    Seen<NamedQuery> find(QueryName name, @Nullable Integer version) {
        return standby.read(connection -> find(connection, name, version));
    }

    private static Seen<NamedQuery> find(
            Connection connection, QueryName name, @Nullable Integer version) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setString(1, name.value());
            statement.setString(2, version == null ? null : version.toString());
            try (ResultSet row = statement.executeQuery()) {
                Checkpoint at = checkpoint(row);
                if (row.getString(NAME) == null) {
                    return Seen.refused(at, unknown(name.value()));
                }
                if (row.getString(VERSION) == null) {
                    return Seen.refused(
                            at,
                            Refusal.of(
                                    404,
                                    "unknown-version",
                                    "No such version",
                                    "The query %s has no version %d".formatted(name, version)));
                }
                return Seen.of(at, query(row));
            }
        }
    }

    /// 404 for a query that is not there.
    static Refusal unknown(String name) {
        String rule = QueryName.isValid(name) ? "" : "; " + QueryName.RULE;
        return Refusal.of(
                404,
                "unknown-query",
                "No such query",
                "There is no query \"%s\"%s. GET /queries lists those there are"
                        .formatted(io.headwater.contract.Excerpt.of(name), rule));
    }

    private static Checkpoint checkpoint(ResultSet row) throws SQLException {
        if (!row.next()) {
            throw NoCheckpoint.refusal();
        }
        return new Checkpoint(row.getString(1), row.getLong(2));
    }

    private static NamedQuery query(ResultSet row) throws SQLException {
        var faults = new Faults();
        QueryDefinition definition =
                QueryDefinition.read(Json.mapper().readTree(row.getString(DEFINITION)), faults);
        if (definition == null) {
            throw new IllegalStateException("A stored query is not valid: " + faults.list());
        }
        OffsetDateTime retiredAt = row.getObject(RETIRED_AT, OffsetDateTime.class);
        return new NamedQuery(
                new QueryName(row.getString(NAME)),
                row.getInt(VERSION),
                row.getInt(NEWEST),
                retiredAt == null ? null : retiredAt.toInstant(),
                definition,
                row.getLong(POSITION),
                row.getObject(DEFINED_AT, OffsetDateTime.class).toInstant());
    }
}
