package io.headwater.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A query with a name: which model it is about, what it asks, and which of it its callers say.
///
/// ```json
/// {"model": "airport", "description": "Airports of a country, the highest first",
///  "parameters": {"country": {"type": "text", "required": true}, "above": {"type": "integer", "default": 0}},
///  "query": {"filter": {"and": [{"field": "country", "op": "eq", "value": {"$param": "country"}},
///                               {"field": "elevation", "op": "gte", "value": {"$param": "above"}}]},
///            "sort": ["-elevation"]}}
/// ```
///
/// @param description for people; null for none
/// @param parameters what callers may say, each declared as a field of a model is; null for none
/// @param query the document of `POST /records/{model}/query`, with `{"$param": name}` in the place
///   of values
public record QueryDefinition(
        ModelName model,
        @Nullable String description,
        @Nullable ModelDefinition parameters,
        ObjectNode query) {

    /// Names that mean something else where a query is run.
    static final Set<String> RESERVED = Set.of("asOf", "validAt", "version");

    public QueryDefinition {
        query = query.deepCopy();
    }

    /// Reads a definition as a client writes it.
    ///
    /// @return null if faults were added
    public static @Nullable QueryDefinition read(JsonNode json, Faults faults) {
        return new QueryDefinitionReader(faults).definition(json);
    }

    /// The definition as JSON; [#read] of it gives an equal one.
    public ObjectNode toJson() {
        var json = Json.mapper().createObjectNode().put("model", model.value());
        if (description != null) {
            json.put("description", description);
        }
        if (parameters != null) {
            json.set("parameters", parametersJson());
        }
        json.set("query", query.deepCopy());
        return json;
    }

    private ObjectNode parametersJson() {
        var described = Json.mapper().createObjectNode();
        if (parameters != null) {
            ObjectNode fields = (ObjectNode) parameters.toJson().path("fields");
            fields.properties()
                    .forEach(field -> {
                        var parameter = (ObjectNode) field.getValue().deepCopy();
                        JsonNode label = parameter.remove("label");
                        if (label != null) {
                            parameter.set("description", label);
                        }
                        described.set(field.getKey(), parameter);
                    });
        }
        return described;
    }

    /// The parameters by name, in the order in which they were declared.
    public Map<String, Field> fields() {
        return parameters == null ? Map.of() : parameters.fields();
    }

    /// A query that can be run.
    ///
    /// @param document without parameters
    /// @param places which parameter stands where, by JSON Pointer into the document
    public record Bound(ObjectNode document, Map<String, String> places) {
        public Bound {
            places = Map.copyOf(places);
        }
    }

    /// Puts values in the place of parameters. What asks by an optional parameter that is not given
    /// and has no default is left out: the comparison, and each `and`, `or` or `not` of nothing
    /// else.
    ///
    /// @param arguments values by name, as a caller wrote them
    /// @return null if faults were added; their pointers are `/` and the name of a parameter
    public @Nullable Bound bind(ObjectNode arguments, Faults faults) {
        ObjectNode values = Json.mapper().createObjectNode();
        if (parameters != null) {
            values = parameters.canonical(arguments, faults);
        } else {
            arguments
                    .propertyNames()
                    .forEach(name ->
                            faults.add(
                                    Faults.member("", name),
                                    "unknown-parameter",
                                    "The query takes no parameters"));
        }
        if (values == null || !faults.isEmpty()) {
            return null;
        }
        var places = new LinkedHashMap<String, String>();
        JsonNode document = new QueryArguments(values, places).bind(query, "");
        return new Bound(
                document instanceof ObjectNode bound ? bound : Json.mapper().createObjectNode(),
                places);
    }
}
