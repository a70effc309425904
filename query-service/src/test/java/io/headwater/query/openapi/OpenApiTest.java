package io.headwater.query.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.headwater.contract.Faults;
import io.headwater.contract.Json;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelName;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.QueryEvent.QueryDefined;
import io.headwater.contract.QueryName;
import io.headwater.query.api.Platform;
import io.headwater.query.rows.ReadTables.Logged;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The document that tells what can be asked.
class OpenApiTest {
    private static final Platform platform = Platform.get();

    @BeforeAll
    static void define() throws SQLException {
        var definition =
                Platform.definition(
                        """
                        {"label": "Described", "fields": {
                          "name": {"type": "text", "required": true, "maxLength": 20, "pattern": "^[A-Z]"},
                          "n": {"type": "integer", "min": 0}, "price": {"type": "decimal", "precision": 9, "scale": 2},
                          "tier": {"type": "enum", "options": ["basic", "gold"], "default": "basic"},
                          "self": {"type": "reference", "to": "described"}, "any": {"type": "json"},
                          "at": {"type": "timestamp"}, "tags": {"type": "list", "items": {"type": "date"}}}}
                        """);
        JsonNode query =
                Json.mapper()
                        .readTree(
                                """
                                {"model": "described", "description": "Dear ones",
                                 "parameters": {"above": {"type": "integer", "required": true, "description": "Least n"}},
                                 "query": {"filter": {"field": "n", "op": "gt", "value": {"$param": "above"}}}}
                                """);
        platform.tables()
                .project(
                        Platform.EPOCH,
                        List.of(
                                new Logged(
                                        3001,
                                        Instant.EPOCH,
                                        new ModelDefined(
                                                new ModelName("described"), 1, definition)),
                                new Logged(
                                        3002,
                                        Instant.EPOCH,
                                        new QueryDefined(
                                                new QueryName("dear"),
                                                1,
                                                Objects.requireNonNull(
                                                        QueryDefinition.read(
                                                                query, new Faults()))))));
        platform.replicate();
    }

    @AfterAll
    static void end() throws SQLException {
        platform.tables().checkpoint(Platform.EPOCH, 1000);
    }

    @Test
    void aValidatorFindsNothingWrong() {
        String document = platform.get("/openapi.json").body();
        var options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(document, null, options);
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getOpenapi()).isEqualTo("3.1.0");
        assertThat(parsed.getOpenAPI().getPaths())
                .containsKeys(
                        "/records/described",
                        "/records/described.parquet",
                        "/records/described/{id}",
                        "/queries/dear",
                        "/commands",
                        "/log");
    }

    @Test
    void everyReferenceLeadsSomewhereAndEveryOperationHasItsOwnName() {
        JsonNode document = platform.get("/openapi.json").json();
        for (String reference : document.findValuesAsString("$ref")) {
            assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        }
        assertThat(document.findValuesAsString("operationId")).doesNotHaveDuplicates();
    }

    @Test
    void schemasAndParametersAreThoseOfTheDefinitions() {
        JsonNode document = platform.get("/openapi.json").json();
        JsonNode fields = document.at("/components/schemas/described");
        assertThat(fields.at("/required").toString()).isEqualTo("[\"name\"]");
        assertThat(fields.at("/properties/name/maxLength").asInt()).isEqualTo(20);
        assertThat(fields.at("/properties/tags/items/format").asString()).isEqualTo("date");
        JsonNode run = document.at("/paths/~1queries~1dear/get");
        assertThat(run.path("summary").asString()).isEqualTo("Dear ones");
        assertThat(run.at("/parameters/0/name").asString()).isEqualTo("above");
        assertThat(run.at("/parameters/0/required").asBoolean()).isTrue();
        assertThat(run.at("/parameters/0/schema/type").asString()).isEqualTo("integer");
        assertThat(document.at("/paths/~1records~1described/post/security/0/token/0").asString())
                .isEqualTo("write");
    }
}
