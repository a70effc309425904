package io.headwater.query.openapi;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.QueryDefinition;
import io.headwater.query.api.EntityTags;
import io.headwater.query.api.FreshnessHeaders;
import io.headwater.query.api.QueryString;
import io.headwater.query.standby.Checkpoint;
import io.headwater.query.standby.FreshReads;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.NoCheckpoint;
import io.headwater.query.standby.Seen;
import io.headwater.query.standby.StandbyReads;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `GET /openapi.json`: what can be asked of both services just now. Of more than [#MOST] models or
/// named queries it has the first by name.
@RestController
class OpenApiController {
    private static final int MOST = 1_000;
    private static final String READ =
            """
            SELECT c.epoch, c.position, d.is_query, d.name, d.definition
              FROM read.checkpoint c
              LEFT JOIN LATERAL (
                   (SELECT false AS is_query, m.name, v.definition
                      FROM read.model m
                      JOIN read.model_version v ON v.name = m.name AND v.version = m.version
                     WHERE m.retired_at IS NULL
                     ORDER BY m.name
                     LIMIT ?)
                   UNION ALL
                   (SELECT true, q.name, v.definition
                      FROM read.query q
                      JOIN read.query_version v ON v.name = q.name AND v.version = q.version
                     WHERE q.retired_at IS NULL
                     ORDER BY q.name
                     LIMIT ?)) d ON true
             WHERE c.projection = 'records'
             ORDER BY d.is_query, d.name
            """;

    private final StandbyReads standby;
    private final FreshReads fresh;
    private final FreshnessHeaders headers;

    OpenApiController(StandbyReads standby, FreshReads fresh, FreshnessHeaders headers) {
        this.standby = standby;
        this.fresh = fresh;
        this.headers = headers;
    }

    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> document(HttpServletRequest request) {
        QueryString.of(request).only();
        Seen<ObjectNode> seen =
                fresh.read(headers.of(request), () -> standby.read(OpenApiController::read));
        byte[] body = Json.mapper().writeValueAsBytes(seen.orRefuse());
        return headers.answer(HttpStatus.OK, seen.at(), request)
                .eTag(EntityTags.ofContent(body))
                .body(body);
    }

    private static Seen<ObjectNode> read(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, MOST);
            statement.setInt(2, MOST);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw NoCheckpoint.refusal();
                }
                var at = new Checkpoint(row.getString(1), row.getLong(2));
                var document = new OpenApiDocument();
                boolean more = row.getString(4) != null;
                while (more) {
                    add(document, row.getBoolean(3), row.getString(4), row.getString(5));
                    more = row.next();
                }
                return Seen.of(at, document.json());
            }
        }
    }

    private static void add(
            OpenApiDocument document, boolean isQuery, String name, String definition) {
        if (!isQuery) {
            document.add(name, ModelLookup.definition(definition));
            return;
        }
        JsonNode json = Json.mapper().readTree(definition);
        QueryDefinition query = QueryDefinition.read(json, new Faults());
        if (query != null) {
            document.add(name, query);
        }
    }
}
