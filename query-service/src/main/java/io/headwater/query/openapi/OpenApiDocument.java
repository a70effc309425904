package io.headwater.query.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.headwater.contract.Field;
import io.headwater.contract.Json;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.QueryDefinition;
import io.headwater.contract.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The document while it is made: what every Headwater has (`openapi/common.json`), and for each
/// model what every model has (`openapi/model.json`) with its own schemas. For one thread.
final class OpenApiDocument {
    private static final String COMMON = text("/openapi/common.json");
    private static final String OF_MODEL = text("/openapi/model.json");
    private static final String PLACEHOLDER = "MODEL";

    private final ObjectNode document = (ObjectNode) Json.mapper().readTree(COMMON);
    private final ObjectNode paths = (ObjectNode) document.path("paths");
    private final ObjectNode schemas = (ObjectNode) document.at("/components/schemas");

    ObjectNode json() {
        return document;
    }

    void add(String model, ModelDefinition definition) {
        JsonNode own = Json.mapper().readTree(OF_MODEL.replace(PLACEHOLDER, model));
        paths.setAll((ObjectNode) own.path("paths"));
        schemas.setAll((ObjectNode) own.path("schemas"));
        ObjectNode fields = RecordSchema.ofFields(definition);
        schemas.set(model, fields);
        schemas.set(model + ".patch", patch(fields));
        schemas.set(model + ".filter", filter(definition));
    }

    /// Any of the fields; null unsets one.
    private static ObjectNode patch(ObjectNode fields) {
        ObjectNode patch = Json.mapper().createObjectNode().put("type", "object");
        ObjectNode properties = patch.putObject("properties");
        fields.path("properties")
                .properties()
                .forEach(field -> {
                    var either = properties.putObject(field.getKey()).putArray("anyOf");
                    either.add(field.getValue());
                    either.addObject().put("type", "null");
                });
        return patch.put("additionalProperties", false);
    }

    private static ObjectNode filter(ModelDefinition definition) {
        ObjectNode filter = Json.mapper().createObjectNode().put("type", "object");
        ObjectNode properties = filter.putObject("properties");
        for (String field : definition.fields().keySet()) {
            properties.putObject(field).put("$ref", "#/components/schemas/Comparison");
        }
        return filter;
    }

    void add(String query, QueryDefinition definition) {
        if (!(paths.path("/records/" + definition.model()).path("get")
                instanceof ObjectNode list)) {
            return; // its model is retired
        }
        ObjectNode run = list.deepCopy();
        run.put("operationId", "run_query_" + query);
        run.put("summary", definition.description() == null ? query : definition.description());
        run.putArray("tags").add("queries");
        var parameters = run.putArray("parameters");
        ObjectNode types =
                definition.parameters() == null
                        ? Json.mapper().createObjectNode()
                        : RecordSchema.ofFields(definition.parameters());
        for (Field parameter : definition.fields().values()) {
            ObjectNode described = parameters.addObject();
            described.put("name", parameter.name()).put("in", "query");
            described.put("required", parameter.required() && parameter.preset() == null);
            if (parameter.label() != null) {
                described.put("description", parameter.label());
            }
            described.set("schema", types.path("properties").path(parameter.name()));
        }
        for (String shared :
                new String[] {
                    "Version", "PageSize", "PageAfter", "AsOf", "ValidAt", "AtLeast", "Prefer"
                }) {
            parameters.addObject().put("$ref", "#/components/parameters/" + shared);
        }
        paths.putObject("/queries/" + query).set("get", run);
    }

    private static String text(String resource) {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("The service is packaged without " + resource);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
