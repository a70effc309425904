package io.headwater.contract;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the definition of a named query, and says all that is wrong with it. Whether it fits its
/// model is not looked at here.
final class QueryDefinitionReader {
    private static final Set<String> MEMBERS =
            Set.of("model", "description", "parameters", "query");
    private static final Set<String> NO_PARAMETER = Set.of("label", "unique", "indexed");
    private static final String PARAMETERS = "/parameters";
    private static final int LONGEST_DESCRIPTION = 1_000;

    private final Faults faults;

    QueryDefinitionReader(Faults faults) {
        this.faults = faults;
    }

    @Nullable QueryDefinition definition(JsonNode json) {
        if (!json.isObject()) {
            faults.add(
                    "",
                    "type",
                    "A query is a JSON object with \"model\", \"query\" and, if it has any, \"parameters\"");
            return null;
        }
        for (String name : json.propertyNames()) {
            if (!MEMBERS.contains(name)) {
                faults.add(
                        Faults.member("", name),
                        "unknown-attribute",
                        "Not known here; known are "
                                + String.join(", ", MEMBERS.stream().sorted().toList()));
            }
        }
        ModelName model = model(json.path("model"));
        String description = description(json.get("description"));
        ModelDefinition parameters = parameters(json.get("parameters"));
        if (!(json.get("query") instanceof ObjectNode query)) {
            faults.add(
                    "/query",
                    "required",
                    "A query needs \"query\", a document as in POST /records/{model}/query");
            return null;
        }
        String flaw = UnicodeText.flaw(query);
        if (flaw != null) {
            faults.add("/query", "text", "A text " + flaw);
        }
        for (String own : Set.of("asOf", "validAt")) {
            if (query.has(own)) {
                faults.add("/query/" + own, "moment", "The moment is said where the query is run");
            }
        }
        references(query, parameters == null ? Set.of() : parameters.fields().keySet());
        return model == null || !faults.isEmpty()
                ? null
                : new QueryDefinition(model, description, parameters, query);
    }

    private @Nullable ModelName model(JsonNode given) {
        if (given.isString() && ModelName.isValid(given.stringValue())) {
            return new ModelName(given.stringValue());
        }
        faults.add(
                "/model",
                "model",
                "A query needs \"model\", the name of a model. " + ModelName.RULE);
        return null;
    }

    private @Nullable String description(@Nullable JsonNode given) {
        if (given == null || given.isNull()) {
            return null;
        }
        if (given.isString()
                && given.stringValue().length() <= LONGEST_DESCRIPTION
                && UnicodeText.flaw(given) == null) {
            return given.stringValue();
        }
        faults.add(
                "/description",
                "type",
                "A description is a text of at most %,d characters".formatted(LONGEST_DESCRIPTION));
        return null;
    }

    /// A parameter is declared as a field is, and its values are checked as a field's are.
    private @Nullable ModelDefinition parameters(@Nullable JsonNode given) {
        if (given == null || given.isNull() || (given.isObject() && given.isEmpty())) {
            return null;
        }
        if (!given.isObject()) {
            faults.add(PARAMETERS, "type", "Parameters are an object of parameters by name");
            return null;
        }
        var fields = Json.mapper().createObjectNode();
        for (var member : given.properties()) {
            String at = Faults.member(PARAMETERS, member.getKey());
            if (QueryDefinition.RESERVED.contains(member.getKey())) {
                faults.add(
                        at,
                        "reserved",
                        "%s means something else where the query is run; choose another name"
                                .formatted(member.getKey()));
            }
            fields.set(member.getKey(), field(member.getValue(), at));
        }
        var found = new Faults();
        ModelDefinition read =
                ModelDefinition.read(Json.mapper().createObjectNode().set("fields", fields), found);
        found.list()
                .forEach(fault ->
                        faults.add(
                                fault.pointer()
                                        .replaceFirst("^/fields", PARAMETERS)
                                        .replaceFirst("/label$", "/description"),
                                fault.code(),
                                fault.detail()));
        return read;
    }

    private JsonNode field(JsonNode parameter, String at) {
        if (!(parameter instanceof ObjectNode given)) {
            return parameter;
        }
        ObjectNode field = given.deepCopy();
        for (String name : NO_PARAMETER) {
            if (field.remove(name) != null) {
                faults.add(at + "/" + name, "unknown-attribute", "A parameter has no " + name);
            }
        }
        JsonNode description = field.remove("description");
        if (description != null) {
            field.set("label", description);
        }
        return field;
    }

    private void references(ObjectNode query, Set<String> declared) {
        Set<String> used = new LinkedHashSet<>();
        references(query, "/query", declared, used);
        for (String name : declared) {
            if (!used.contains(name)) {
                faults.add(
                        Faults.member(PARAMETERS, name),
                        "unused",
                        "Nothing in the query asks by the parameter " + name);
            }
        }
    }

    private void references(JsonNode json, String at, Set<String> declared, Set<String> used) {
        String parameter = QueryArguments.parameter(json);
        if (parameter != null) {
            used.add(parameter);
            if (!declared.contains(parameter)) {
                faults.add(
                        at,
                        "unknown-parameter",
                        "There is no parameter \"%s\"; declared are %s"
                                .formatted(
                                        Excerpt.of(parameter),
                                        declared.isEmpty() ? "none" : String.join(", ", declared)));
            }
            return;
        }
        if (json.isObject()) {
            json.properties()
                    .forEach(member ->
                            references(
                                    member.getValue(),
                                    Faults.member(at, member.getKey()),
                                    declared,
                                    used));
        } else if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                references(json.get(i), at + "/" + i, declared, used);
            }
        }
    }
}
